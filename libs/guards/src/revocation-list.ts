import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/** Knows which tokens have ended before their time. */
export abstract class RevocationList {
  abstract isRevoked(claims: AccessTokenClaims): Promise<boolean>;
}

/** The list of a server that hears of no revocation: tokens live until they expire. */
@Injectable()
export class NoRevocations extends RevocationList {
  isRevoked(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
