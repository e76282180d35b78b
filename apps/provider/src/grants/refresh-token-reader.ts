import { Injectable } from '@nestjs/common';
import { readRefreshToken, TokenDerivation } from '@trefoil/token-issuance';
import type { GrantState } from './grant-statements.js';
import { Grants } from './grants.js';

/** A refresh token that the provider issued. Its grant may have ended, and a newer generation may have replaced it. */
export interface IssuedRefreshToken extends GrantState {
  readonly generation: number;
}

/** Reads refresh tokens. No refresh token is stored: each is derived from its grant (see `TokenDerivation`). */
@Injectable()
export class RefreshTokenReader {
  constructor(
    private readonly grants: Grants,
    private readonly derivation: TokenDerivation,
  ) {}

  /** Returns the grant and the generation of a refresh token; undefined when it is malformed or forged. */
  async read(token: string): Promise<IssuedRefreshToken | undefined> {
    const presented = readRefreshToken(token);
    const state = presented && (await this.grants.findState(presented.grantId));
    return state && this.derivation.isRefreshTokenOf(presented, state.grant)
      ? { ...state, generation: presented.generation }
      : undefined;
  }
}
