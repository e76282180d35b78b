import { Injectable } from '@nestjs/common';
import { readRefreshToken, TokenDerivation } from '@trefoil/token-issuance';
import type { Grant } from './grant.entity.js';
import { Grants } from './grants.js';

/** A refresh token that the provider did issue: its grant, which may have ended, and its generation. */
export interface KnownRefreshToken {
  readonly grant: Grant;
  readonly generation: number;
}

/** The refresh tokens the provider issued; none is stored, each is derived from its grant. */
@Injectable()
export class RefreshTokens {
  constructor(
    private readonly grants: Grants,
    private readonly derivation: TokenDerivation,
  ) {}

  /** The refresh token that a text is; undefined when it is none, or a forged one. */
  async find(token: string): Promise<KnownRefreshToken | undefined> {
    const presented = readRefreshToken(token);
    const grant = presented && (await this.grants.find(presented.grantId));
    return grant && this.derivation.isRefreshTokenOf(presented, grant)
      ? { grant, generation: presented.generation }
      : undefined;
  }
}
