import { Inject, Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { SigningKeys } from '@trefoil/token-issuance';
import { errors, type JWTHeaderParameters, jwtVerify, type KeyObject } from 'jose';
import { CONFIG, type ProviderConfig } from '../config.js';
import { OFFERED_ALGORITHMS } from '../keys/offered-algorithms.js';
import { GrantSubjects } from './grant-subjects.js';
import { TokenStatus } from './token-status.js';

/** Finds valid access tokens that the provider issued, for any resource server. */
@Injectable()
export class IssuedAccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly status: TokenStatus,
    private readonly subjects: GrantSubjects,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Returns the claims of a token, with the public `sub`; undefined when another server issued it, or it has expired or was
   * revoked.
   */
  async find(token: string): Promise<AccessTokenClaims | undefined> {
    const claims = await this.read(token);
    if (!claims || (await this.status.isRevoked(claims))) return undefined;
    return { ...claims, sub: await this.subjects.find(claims), subject_type: undefined };
  }

  private async read(token: string): Promise<AccessTokenClaims | undefined> {
    const keyOf = async ({ kid = '', alg }: JWTHeaderParameters): Promise<KeyObject> => {
      const algorithm = OFFERED_ALGORITHMS.find((offered) => offered === alg);
      const key = algorithm && (await this.keys.find(kid, algorithm));
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key;
    };
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(token, keyOf, {
        issuer: this.config.ISSUER,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'jti', 'client_id'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
