import { Injectable } from '@nestjs/common';
import { type VerificationKey, VerificationKeys } from '@trefoil/guards';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { SigningKeys } from '@trefoil/token-issuance';

/** Finds the keys that verify access tokens at the provider's own API, without an HTTP request to `/jwks`. */
@Injectable()
export class LocalVerificationKeys extends VerificationKeys {
  constructor(private readonly keys: SigningKeys) {
    super();
  }

  override find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    return this.keys.find(kid, alg);
  }
}
