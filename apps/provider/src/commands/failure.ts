import { OAuthError } from '@trefoil/oauth-protocol';
import { ConfigurationError, isDatabaseUnavailable } from '@trefoil/server-kit';
import { Refusal } from '../http/refusal.js';
import { CommandError, type Outcome } from './exit-code.js';

/** The reason why a command failed: the outcome for scripts, the message for people. */
export interface Failure {
  readonly outcome: Exclude<Outcome, 'done'>;
  readonly message: string;
}

/** Translates any error into a failure for the person who typed the command. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return { outcome: error.outcome, message: error.message };
  if (error instanceof Refusal) {
    const { reason, field, sentence } = error;
    const message = reason === 'invalid' && field !== undefined ? `error: ${field} ${sentence}` : sentence;
    return { outcome: reason === 'invalid' ? 'usage' : reason, message };
  }
  if (error instanceof ConfigurationError) {
    return {
      outcome: 'failed',
      message: `${error.message}\nSet the environment variables of the provider. After npm start, commands find them by themselves.`,
    };
  }
  // A protocol rule refused a value of the command line.
  if (error instanceof OAuthError) return { outcome: 'usage', message: error.description };
  const message = error instanceof Error ? error.message : String(error);
  return {
    outcome: 'failed',
    message: isDatabaseUnavailable(error) ? `The database does not answer: ${message}` : message,
  };
}
