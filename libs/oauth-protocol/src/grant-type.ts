/** The grant types of the token endpoint, by their names on the wire (RFC 6749 §4, RFC 8693 §2.1, RFC 8628 §3.4). */
export const GRANT_TYPE = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  clientCredentials: 'client_credentials',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;

/** The name of a grant type on the wire. */
export type GrantTypeName = (typeof GRANT_TYPE)[keyof typeof GRANT_TYPE];
