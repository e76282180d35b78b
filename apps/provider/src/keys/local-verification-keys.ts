import { Injectable } from '@nestjs/common';
import { type VerificationKey, VerificationKeys } from '@trefoil/guards';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { SigningKeys } from '@trefoil/token-issuance';

/** The keys with which the provider verifies tokens at its own API: its own, with no request to itself. */
@Injectable()
export class LocalVerificationKeys extends VerificationKeys {
  constructor(private readonly keys: SigningKeys) {
    super();
  }

  override find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    return this.keys.find(kid, alg);
  }
}
