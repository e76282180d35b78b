import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/** How a token is used: it decides how sure one must be that it has not been revoked. */
export interface TokenUse {
  /** The token as it came. Never to be logged. */
  readonly token: string;
  /** The method of the request; whoever leaves it out is taken to change something. */
  readonly method?: string;
}

/** Knows which tokens have ended before their time. */
export abstract class RevocationList {
  /** @throws DependencyUnavailableError when it cannot be known. */
  abstract isRevoked(claims: AccessTokenClaims, use: TokenUse): Promise<boolean>;

  /**
   * Calls a listener once when the token ends before its time, at once when it has; a list that only knows what it is asked
   * never does.
   *
   * @returns what ends it.
   */
  onRevoked(_claims: AccessTokenClaims, _listener: () => void): () => void {
    return () => undefined;
  }
}

/** The list of a server that hears of no revocation: tokens live until they expire. */
@Injectable()
export class NoRevocations extends RevocationList {
  isRevoked(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
