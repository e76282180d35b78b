import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { ProblemError } from '@trefoil/server-kit';
import { returnTo } from './return-to.js';

/** A sign-in that another site asked for. */
export interface InitiatedLogin {
  readonly returnTo: string;
  readonly loginHint?: string;
}

/**
 * Reads the request of another site to sign a person in (OpenID Connect Core §4): `iss` must be our provider, and
 * `target_link_uri` leads to a page of ours or to the start page.
 *
 * @throws ProblemError 400
 */
export function readInitiatedLogin(
  raw: RawParameters,
  { issuer, publicUrl }: { readonly issuer: string; readonly publicUrl: string },
): InitiatedLogin {
  const parameters = Parameters.from(raw);
  if (parameters.get('iss') !== issuer) {
    throw new ProblemError(400, 'Bad Request', {
      detail: 'Whoever sent you here wants you to sign in with a service that this application does not use.',
    });
  }
  const loginHint = parameters.get('login_hint');
  return {
    returnTo: returnTo(pathOf(parameters.get('target_link_uri'), publicUrl), publicUrl),
    ...(loginHint !== undefined && { loginHint }),
  };
}

/** What follows our origin in a URL of ours; anything else is left as it is, and is no path. */
function pathOf(target: string | undefined, publicUrl: string): string | undefined {
  if (target === publicUrl) return '/';
  return target?.startsWith(`${publicUrl}/`) ? target.slice(publicUrl.length) : target;
}
