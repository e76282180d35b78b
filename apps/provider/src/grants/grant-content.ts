import type { Grant } from './grant.entity.js';

/** What a new grant allows; its id and its secret are made here. */
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
    /** Seconds from now in which the code can be redeemed. */
    readonly codeLifetime: number;
  };
