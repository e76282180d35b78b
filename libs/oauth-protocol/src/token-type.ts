/** The token types of token exchange that Trefoil knows (RFC 8693 §3). */
export const TOKEN_TYPE = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
} as const;

/** The grant types of the token endpoint (RFC 6749 §4, RFC 8693 §2.1, RFC 8628 §3.4). */
export const GRANT_TYPE = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  clientCredentials: 'client_credentials',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;

/** A grant type by its wire name. */
export type GrantTypeName = (typeof GRANT_TYPE)[keyof typeof GRANT_TYPE];
