import { wireText } from './wire-text.js';

/** The parameters of a `WWW-Authenticate` challenge of the Bearer scheme (RFC 6750 §3). */
export interface ChallengeParameters {
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  error_description?: string;
  scope?: string;
  realm?: string;
  /** The URL of the protected resource metadata (RFC 9728 §5.1). */
  resource_metadata?: string;
}

/** The parameters of a `WWW-Authenticate` challenge of the DPoP scheme (RFC 9449 §7.1). */
export interface DpopChallengeParameters extends Omit<ChallengeParameters, 'error'> {
  error?: ChallengeParameters['error'] | 'invalid_dpop_proof' | 'use_dpop_nonce';
  /** The algorithms that the server accepts for DPoP proofs, separated by spaces. */
  algs: string;
}

/** Returns the `WWW-Authenticate` value of a Bearer challenge (RFC 6750 §3). */
export const bearerChallenge = (parameters: ChallengeParameters): string => challenge('Bearer', parameters);

/** Returns the `WWW-Authenticate` value of a DPoP challenge (RFC 9449 §7.1). */
export const dpopChallenge = (parameters: DpopChallengeParameters): string => challenge('DPoP', parameters);

function challenge(scheme: string, parameters: object): string {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const text = pairs.map(
    ([name, value]) => `${name}=${quoted(name === 'error_description' ? wireText(value) : value)}`,
  );
  return [scheme, text.join(', ')].filter(Boolean).join(' ');
}

const quoted = (value: string): string => `"${value.replaceAll(/[^\x20-\x7E]/g, '').replaceAll(/["\\]/g, '\\$&')}"`;
