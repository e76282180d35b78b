import { invalidRequest } from '@trefoil/oauth-protocol';
import { LONGEST_CLAIMS, LONGEST_LOGIN_HINT, LONGEST_NONCE, LONGEST_STATE } from '../../../limits.js';
import type { CheckContext } from './check-context.js';

/** The parameters whose values are stored until the user has signed in, with their greatest lengths in characters. */
const LONGEST: readonly (readonly [name: string, characters: number])[] = [
  ['state', LONGEST_STATE],
  ['nonce', LONGEST_NONCE],
  ['login_hint', LONGEST_LOGIN_HINT],
  ['claims', LONGEST_CLAIMS],
];

/**
 * Refuses values that are too long to be stored. No RFC limits them, and anybody can send a request in the name of a
 * public client.
 *
 * @throws OAuthError `invalid_request`. The description names the parameter.
 */
export function checkLengths({ parameters }: Pick<CheckContext, 'parameters'>): void {
  for (const [name, characters] of LONGEST) {
    if (parameters.all(name).some((value) => value.length > characters)) {
      throw invalidRequest(`${name} must have at most ${characters} characters`);
    }
  }
}

/** Returns the `state` for the response; undefined when it is repeated or too long, so that it cannot be accepted. */
export function stateOf({ parameters }: Pick<CheckContext, 'parameters'>): string | undefined {
  const [state, ...repeated] = parameters.all('state');
  return repeated.length === 0 && state !== undefined && state.length <= LONGEST_STATE ? state : undefined;
}
