import { isCodeChallenge } from '@trefoil/oauth-protocol';
import type { Check, Problem } from '../check.js';
import { textOf } from '../observations/metadata.js';
import { redirectOf } from '../observations/sign-in.js';
import { described, isAnswer, withoutQuery } from '../observations/visitor.js';
import type { Observations } from '../observations/observe.js';

/** Returns the authorization request to which `/login` of the frontend redirects. */
export function signInRequestOf({ signIn }: Observations): URL | undefined {
  const location = isAnswer(signIn[0]) ? redirectOf(signIn[0]) : undefined;
  return location === undefined ? undefined : new URL(location);
}

/** Checks that the frontend starts a sign-in at this issuer, with PKCE, state and nonce. */
export const signInRequest: Check = {
  rule: 'sign-in-request',
  group: 'Sign-in',
  title: 'The frontend starts a sign-in at this issuer, with PKCE (S256), state and nonce',
  source: 'RFC 9700 §2.1.1, RFC 6749 §10.12, OpenID Connect Core 1.0 §15.5.2',
  severity: 'high',
  why: 'Without them an attacker can sign a user in to the account of the attacker, or use a stolen code.',
  fix: 'Set ISSUER of the frontend to this issuer, and create code_challenge, state and nonce for each sign-in.',
  judge(observations) {
    const { signIn, metadata } = observations;
    const [first] = signIn;
    if (!first) return { skipped: 'No frontend was given (--frontend).' };
    const request = signInRequestOf(observations);
    if (!request) {
      return {
        problems: [{ what: '/login of the frontend does not redirect.', evidence: described(first) }],
        evidence: '',
      };
    }
    const { searchParams: parameters } = request;
    const problems: Problem[] = [];
    if (withoutQuery(request.href) !== withoutQuery(textOf(metadata, 'authorization_endpoint') ?? '')) {
      problems.push({ what: 'The frontend signs in at another issuer.', evidence: withoutQuery(request.href) });
    }
    // A pushed request (RFC 9126) or a request object (RFC 9101) contains the other parameters.
    if (parameters.has('request_uri') || parameters.has('request')) {
      return { problems, evidence: `${withoutQuery(request.href)} with a pushed or signed request` };
    }
    const method = parameters.get('code_challenge_method');
    if (method !== 'S256' || !isCodeChallenge(parameters.get('code_challenge') ?? '')) {
      const evidence = `code_challenge_method: ${method ?? 'missing'}`;
      problems.push({ what: 'The frontend does not use PKCE with S256.', evidence });
    }
    const isOpenid = (parameters.get('scope') ?? '').split(' ').includes('openid');
    for (const name of ['state', ...(isOpenid ? ['nonce'] : [])]) {
      if (!parameters.get(name))
        problems.push({ what: `The frontend sends no ${name}.`, evidence: `${name}: missing` });
    }
    if (parameters.get('response_type') !== 'code') {
      const evidence = `response_type: ${parameters.get('response_type') ?? 'missing'}`;
      problems.push({ what: 'The frontend does not use the authorization code grant.', evidence });
    }
    return { problems, evidence: `${withoutQuery(request.href)} with ${[...parameters.keys()].join(', ')}` };
  },
};
