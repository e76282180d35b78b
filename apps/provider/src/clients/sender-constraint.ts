import { securityProfile } from '@trefoil/oauth-protocol';
import type { Client } from './client.entity.js';

type ConstrainedClient = Pick<
  Client,
  'dpopBoundAccessTokens' | 'tlsClientCertificateBoundAccessTokens' | 'securityProfile'
>;

/**
 * Returns whether the client must send DPoP proofs: by its registration, or because its security profile requires
 * sender-constrained tokens and its tokens are not bound to its certificate (FAPI 2.0 §5.3.2.1).
 */
export const needsDpop = (client: ConstrainedClient): boolean =>
  client.dpopBoundAccessTokens ||
  (securityProfile(client.securityProfile).senderConstrained === 'required' &&
    !client.tlsClientCertificateBoundAccessTokens);

/** Returns whether only the client can use its access tokens, because its registration binds them. */
export const isSenderConstrained = (
  client: Pick<ConstrainedClient, 'dpopBoundAccessTokens' | 'tlsClientCertificateBoundAccessTokens'>,
): boolean => client.dpopBoundAccessTokens || client.tlsClientCertificateBoundAccessTokens;
