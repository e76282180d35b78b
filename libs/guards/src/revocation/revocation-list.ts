import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { HealthCheck, ServerDefinition } from '@trefoil/server-kit';

/** Describes how a token is used, which decides how current the answer of a {@link RevocationList} must be. */
export interface TokenUse {
  /** The token exactly as the request carried it. Must never be logged. */
  readonly token: string;
  /** The HTTP method of the request. Without it, the answer must be as current as for a request that writes. */
  readonly method?: string;
}

/** Knows which tokens were revoked before they expired. */
export abstract class RevocationList {
  /** For `/health/ready`, of a list that can be out of date. */
  readonly health?: HealthCheck;
  /** For `/metrics`. */
  readonly metrics?: { readonly all: ReturnType<NonNullable<ServerDefinition['metrics']>> };

  /**
   * Returns whether a token is revoked.
   *
   * @throws DependencyUnavailableError when this cannot be determined.
   */
  abstract isRevoked(claims: AccessTokenClaims, use: TokenUse): Promise<boolean>;

  /**
   * Calls the listener once when the token is revoked, or at once if it already is. A list that only answers {@link isRevoked} never
   * calls it.
   *
   * @returns a function that removes the listener.
   */
  onRevoked(_claims: AccessTokenClaims, _listener: () => void, _use: TokenUse): () => void {
    return () => undefined;
  }
}

/** The list of a server that receives no revocations: tokens are accepted until they expire. */
@Injectable()
export class NoRevocations extends RevocationList {
  isRevoked(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
