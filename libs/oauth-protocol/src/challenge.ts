/** The parameters of a `WWW-Authenticate` challenge (RFC 6750 §3). */
export interface ChallengeParameters {
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  error_description?: string;
  scope?: string;
  realm?: string;
}

const quoted = (value: string): string => `"${value.replaceAll(/[^\x20-\x7E]/g, '').replaceAll(/["\\]/g, '\\$&')}"`;

/** A `WWW-Authenticate` value of the Bearer scheme (RFC 6750 §3). */
export function bearerChallenge(parameters: ChallengeParameters): string {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return ['Bearer', pairs.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')].filter(Boolean).join(' ');
}
