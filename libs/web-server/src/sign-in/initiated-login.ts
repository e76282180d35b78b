import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { LONGEST_LOGIN_HINT } from '../limits.js';
import { returnTo } from './return-to.js';

/** A sign-in that another site asks for. */
export interface InitiatedLogin {
  readonly returnTo: string;
  readonly loginHint?: string;
}

/**
 * Reads a request for third-party initiated login (OpenID Connect Core §4). `iss` must be our provider.
 * `target_link_uri` must be a URL of this origin; for any other URL the sign-in returns to the start page.
 *
 * @throws ProblemError 400 when `iss` is missing or names another provider.
 */
export function readInitiatedLogin(
  raw: RawParameters,
  { issuer, publicUrl }: { readonly issuer: string; readonly publicUrl: string },
): InitiatedLogin {
  const parameters = Parameters.from(raw);
  if (parameters.get('iss') !== issuer) {
    throw new ProblemError(400, 'Bad Request', {
      detail: 'The link or form that you followed asks for a sign-in service that this application does not use.',
    });
  }
  const loginHint = parameters.get('login_hint');
  return {
    returnTo: returnTo(pathOf(parameters.get('target_link_uri'), publicUrl), publicUrl),
    ...(loginHint !== undefined && loginHint.length <= LONGEST_LOGIN_HINT && { loginHint }),
  };
}

/** Returns the path of a URL of this origin. Returns any other text unchanged; `returnTo` then refuses it. */
function pathOf(target: string | undefined, publicUrl: string): string | undefined {
  if (target === publicUrl) return '/';
  // The empty path of a URL is the path `/` (RFC 3986 §6.2.3).
  if (target?.startsWith(`${publicUrl}?`)) return `/${target.slice(publicUrl.length)}`;
  return target?.startsWith(`${publicUrl}/`) ? target.slice(publicUrl.length) : target;
}
