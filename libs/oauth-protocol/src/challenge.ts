/** The parameters of a `WWW-Authenticate` challenge (RFC 6750 §3). */
export interface ChallengeParameters {
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  error_description?: string;
  scope?: string;
  realm?: string;
  /** Where the metadata of the resource is (RFC 9728 §5.1). */
  resource_metadata?: string;
}

/** The parameters of a challenge of the DPoP scheme (RFC 9449 §7.1). */
export interface DpopChallengeParameters extends Omit<ChallengeParameters, 'error'> {
  error?: ChallengeParameters['error'] | 'invalid_dpop_proof' | 'use_dpop_nonce';
  /** The algorithms a proof may be signed with, separated by spaces. */
  algs: string;
}

/** A `WWW-Authenticate` value of the Bearer scheme (RFC 6750 §3). */
export const bearerChallenge = (parameters: ChallengeParameters): string => challenge('Bearer', parameters);

/** A `WWW-Authenticate` value of the DPoP scheme (RFC 9449 §7.1). */
export const dpopChallenge = (parameters: DpopChallengeParameters): string => challenge('DPoP', parameters);

function challenge(scheme: string, parameters: object): string {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return [scheme, pairs.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')].filter(Boolean).join(' ');
}

const quoted = (value: string): string => `"${value.replaceAll(/[^\x20-\x7E]/g, '').replaceAll(/["\\]/g, '\\$&')}"`;
