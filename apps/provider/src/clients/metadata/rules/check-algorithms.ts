import { invalidClientMetadata, type SigningAlgorithm, securityProfile } from '@trefoil/oauth-protocol';
import { OFFERED_ALGORITHMS } from '../../../keys/offered-algorithms.js';
import type { Client } from '../../client.entity.js';
import type { RegistrationContext } from './registration-context.js';

type Columns =
  | 'tokenEndpointAuthSigningAlg'
  | 'requestObjectSigningAlg'
  | 'idTokenSignedResponseAlg'
  | 'userinfoSignedResponseAlg'
  | 'authorizationSignedResponseAlg'
  | 'introspectionSignedResponseAlg';

/**
 * Checks that the algorithms of a client are among those of its profile, and never `none` (RFC 7591 §2, RFC 9700 §4). By
 * default, ID tokens are signed with the profile's first algorithm, other responses are not signed, and the client may sign
 * with any algorithm of the profile.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkAlgorithms({
  metadata,
  profile,
}: Pick<RegistrationContext, 'metadata' | 'profile'>): Pick<Client, Columns> {
  const { algorithms, idTokenAlgorithms } = securityProfile(profile);
  const offered: readonly SigningAlgorithm[] = OFFERED_ALGORITHMS;
  const signable = idTokenAlgorithms.filter((algorithm) => offered.includes(algorithm));

  type Member = `${'token_endpoint_auth' | 'request_object'}_signing_alg` | `${string}_signed_response_alg`;
  const check = (name: Member & keyof typeof metadata, among: readonly SigningAlgorithm[]): SigningAlgorithm | null => {
    const named = metadata[name];
    if (named === undefined) return null;
    const algorithm = among.find((candidate) => candidate === named);
    if (!algorithm) throw invalidClientMetadata(`${name} must be one of ${among.join(', ')} with ${profile}`);
    return algorithm;
  };

  return {
    tokenEndpointAuthSigningAlg: check('token_endpoint_auth_signing_alg', algorithms),
    requestObjectSigningAlg: check('request_object_signing_alg', algorithms),
    idTokenSignedResponseAlg: check('id_token_signed_response_alg', signable) ?? signable[0] ?? null,
    userinfoSignedResponseAlg: check('userinfo_signed_response_alg', signable),
    authorizationSignedResponseAlg: check('authorization_signed_response_alg', signable),
    introspectionSignedResponseAlg: check('introspection_signed_response_alg', signable),
  };
}
