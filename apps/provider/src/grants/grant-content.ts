import type { Grant } from './grant.entity.js';

/** The content of a new grant. `Grants` generates its id and its secret. */
export type GrantContent = Pick<
  Grant,
  | 'clientId'
  | 'userId'
  | 'sessionId'
  | 'scopes'
  | 'resources'
  | 'redirectUri'
  | 'codeChallenge'
  | 'nonce'
  | 'authenticatedAt'
  | 'amr'
  | 'expiresAt'
> &
  Partial<Pick<Grant, 'acr' | 'dpopJkt' | 'claims'>> & {
    /** The lifetime of the authorization code, in seconds. */
    readonly codeLifetime: number;
  };
