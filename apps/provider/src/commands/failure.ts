import { OAuthError } from '@trefoil/oauth-protocol';
import { ConfigurationError, isDatabaseUnavailable } from '@trefoil/server-kit';
import { CommandError, type Outcome } from './exit-code.js';

/** Why a command was not done: what scripts go by, and what people read. */
export interface Failure {
  readonly outcome: Exclude<Outcome, 'done'>;
  readonly message: string;
}

/** What an error is to the person who typed the command. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return { outcome: error.outcome, message: error.message };
  if (error instanceof ConfigurationError) {
    return {
      outcome: 'failed',
      message: `${error.message}\nA command needs the environment variables of the provider; after npm start it finds them itself.`,
    };
  }
  // What a rule of the protocols refuses was typed that way.
  if (error instanceof OAuthError) return { outcome: 'usage', message: error.description };
  const message = error instanceof Error ? error.message : String(error);
  return {
    outcome: 'failed',
    message: isDatabaseUnavailable(error) ? `The database does not answer: ${message}` : message,
  };
}
