/** The identifiers of the token types that Trefoil accepts and issues in a token exchange (RFC 8693 §3). */
export const TOKEN_TYPE = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
} as const;

/**
 * The `act` claim: the party that acts for the subject now, and in its own `act` the party before it (RFC 8693 §4.1).
 */
export interface Actor {
  sub: string;
  act?: Actor;
}

/** The `may_act` claim: the only party that may become the actor of the token (RFC 8693 §4.4). */
export interface EligibleActor {
  sub: string;
  /** The issuer that identifies this party by `sub`. When absent, it is the issuer of the token. */
  iss?: string;
}
