/** What a client may ask the pages to do (OpenID Connect Core §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;

export type Prompt = (typeof PROMPTS)[number];

/** An authorization request that has passed every check; plain JSON, because it waits in the state store. */
export interface AuthorizationRequest {
  readonly clientId: string;
  /** As it was asked for, which on loopback may have another port than the registered one. */
  readonly redirectUri: string;
  readonly state?: string;
  readonly scopes: readonly string[];
  /** The resource servers that the grant will open, the default one first (RFC 8707 §2). */
  readonly resources: readonly string[];
  /** S256 (RFC 7636 §4.2). */
  readonly codeChallenge?: string;
  readonly nonce?: string;
  readonly prompt: readonly Prompt[];
  /** Seconds since the person last proved who they are. */
  readonly maxAge?: number;
  readonly loginHint?: string;
}
