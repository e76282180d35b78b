import type { ClientAuthenticationMethod } from '@trefoil/oauth-protocol';
import { databaseVariables, serverVariables, stateVariables, variables } from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, names, secretKeys, seconds } = variables;

/** A limit, which can be changed and not removed. */
const limit = (points: number) =>
  z.coerce.number('must be a number').int('must be a whole number').positive().default(points);

/** The configuration of the provider, read from environment variables. */
export const configSchema = z.object({
  ...serverVariables,
  ISSUER: baseUrl().describe(
    'Issuer identifier: the URL at which browsers, clients and resource servers reach the provider (RFC 8414 §2)',
  ),
  MTLS_URL: baseUrl()
    .optional()
    .describe(
      'URL at which clients reach the listener that asks for certificates, published as `mtls_endpoint_aliases` (RFC 8705 §5)',
    ),
  ...databaseVariables('provider'),
  ...stateVariables,
  ENCRYPTION_KEY: secretKeys().describe(
    'Keys that encrypt signing keys at rest: 32 random bytes each, base64url, separated by commas. The first encrypts, all decrypt',
  ),
  GRANT_KEY: secretKeys().describe(
    'Keys that authenticate codes and refresh tokens: 32 random bytes each, base64url, separated by commas. The first is used for new ones, all are accepted',
  ),
  SIGNING_KEY_LIFETIME: seconds()
    .default(90 * 24 * 3600)
    .describe('Seconds for which a signing key is used before its successor takes over'),
  JWKS_MAX_AGE: seconds()
    .default(300)
    .describe(
      'Seconds for which `/jwks` may be cached. A new key is published for three times as long before it signs',
    ),
  CODE_LIFETIME: seconds().default(60).describe('Seconds for which an authorization code can be redeemed'),
  ID_TOKEN_LIFETIME: seconds().default(600).describe('Seconds for which an ID token is valid'),
  PAR_LIFETIME: seconds()
    .default(90)
    .describe('Seconds for which a pushed authorization request can be used (RFC 9126 §2.2)'),
  PUBLIC_PUSHES_PER_ADDRESS: limit(120).describe(
    'Authorization requests that public clients may push from one address in a minute',
  ),
  SIGN_IN_LIFETIME: seconds().default(600).describe('Seconds that a person has to sign in and consent'),
  SESSION_LIFETIME: seconds()
    .default(7 * 24 * 3600)
    .describe('Seconds that a sign-in session lasts'),
  REFRESH_TOKEN_LIFETIME: seconds()
    .default(30 * 24 * 3600)
    .describe('Seconds for which a grant with `offline_access` can be refreshed'),
  REFRESH_GRACE_PERIOD: seconds()
    .default(10)
    .describe('Seconds within which a retry with the previous refresh token gets the same successor again'),
  DPOP_NONCE: z
    .enum(['required', 'offered'], 'must be required or offered')
    .default('offered')
    .describe('Whether DPoP proofs must carry a nonce of the provider (`required`) or may (`offered`) (RFC 9449 §8)'),
  OUTBOUND_ALLOWED_ORIGINS: names()
    .default([])
    .describe(
      'Origins, separated by commas, at which the URLs in client metadata may use http and private addresses. For development only',
    ),
  CLIENT_ID_METADATA_DOCUMENTS: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true')
    .describe('Whether the URL of a metadata document is accepted as a `client_id` without registration'),
  SECURITY_EVENT_RETENTION: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1)
    .default(400)
    .describe('Days for which security events are kept. They are deleted by whole months'),
  USAGE_RETENTION: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1)
    .default(90)
    .describe('Days for which the usage counts of clients and users are kept'),
  DEVICE_CODE_LIFETIME: seconds().default(600).describe('Seconds that a person has to answer the request of a device'),
  DEVICE_ATTEMPTS_PER_ADDRESS: limit(20).describe(
    'Wrong user codes of devices from one address in 15 minutes, after which it has to wait',
  ),
  LOGOUT_DELIVERY_PERIOD: seconds()
    .default(24 * 3600)
    .describe('Seconds for which delivery of a logout token is retried'),
  STREAMS_PER_CLIENT: limit(4).describe('Event streams that one receiver may create (SSF 1.0 §8.1.1.1)'),
  STREAM_POLL_WAIT: seconds()
    .default(25)
    .describe('Seconds for which a poll request is held open while no event is pending'),
  STREAM_VERIFICATION_INTERVAL: seconds()
    .default(10)
    .describe('Shortest number of seconds between two verification events that a receiver requests on one stream'),
  STREAM_INACTIVITY_TIMEOUT: seconds()
    .default(7 * 24 * 3600)
    .describe('Seconds after which a stream is paused if its receiver neither polls nor accepts a push'),
  STREAM_IDLE_SECONDS: seconds()
    .default(30)
    .describe('Seconds after which an export of events is reset when its reader takes nothing'),
  AUTHORIZATION_REQUESTS_PER_ADDRESS: limit(300).describe(
    'Authorization requests from one address that wait for a person, in a minute',
  ),
  DEVICE_AUTHORIZATIONS_PER_ADDRESS: limit(60).describe(
    'Device authorizations that public clients request from one address, in a minute',
  ),
  CLIENT_FAILURES_PER_ADDRESS: limit(60).describe(
    'Failed client authentications from one address in a minute, after which it has to wait. The same number applies to refused token requests of public clients',
  ),
  REVOCATIONS_PER_CLIENT: limit(600).describe('Tokens that one client can revoke at `/revoke` in a minute'),
  SIGN_IN_ATTEMPTS_FROM_EVERYWHERE: limit(100).describe(
    'Failed sign-ins to one account from all addresses in 15 minutes, after which only browsers in which it has signed in before may try',
  ),
  SIGN_IN_ATTEMPTS_PER_ACCOUNT: limit(10).describe(
    'Failed sign-ins to one account from one address in 15 minutes, after which that address has to wait',
  ),
  SIGN_IN_ATTEMPTS_PER_ADDRESS: limit(100).describe(
    'Failed sign-ins from one address in 15 minutes, after which it has to wait',
  ),
});

export type ProviderConfig = z.output<typeof configSchema>;

/** The settings that decide whether the provider gets client certificates, and which it trusts. */
export type CertificateSettings = Pick<
  ProviderConfig,
  'MTLS_PORT' | 'TLS_CLIENT_CERTIFICATES' | 'CLIENT_CERTIFICATE_HEADER' | 'CLIENT_CA_PATH'
>;

/** Injection token of the configuration. Declare only the settings that you use: `Pick<ProviderConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');

/** Returns the resource identifier of the provider's own API, which includes userinfo (RFC 8707 §2). */
export const accountApiIdentifier = (config: Pick<ProviderConfig, 'ISSUER'>): string => `${config.ISSUER}/api`;

/**
 * Returns the methods by which clients can authenticate with a certificate (RFC 8705 §2). There are none while the provider
 * gets no certificates, and `tls_client_auth` needs the authorities of the certificates.
 */
export function certificateMethods({
  MTLS_PORT,
  TLS_CLIENT_CERTIFICATES,
  CLIENT_CERTIFICATE_HEADER,
  CLIENT_CA_PATH,
}: CertificateSettings): ClientAuthenticationMethod[] {
  const getsCertificates =
    MTLS_PORT !== undefined || TLS_CLIENT_CERTIFICATES === 'requested' || CLIENT_CERTIFICATE_HEADER !== undefined;
  if (!getsCertificates) return [];
  return CLIENT_CA_PATH === undefined
    ? ['self_signed_tls_client_auth']
    : ['tls_client_auth', 'self_signed_tls_client_auth'];
}
