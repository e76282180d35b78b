import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokenIssuer, IdTokenIssuer, ResponseSigner, SigningKeys } from '@trefoil/token-issuance';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { EncryptedRows } from './encryption/encrypted-rows.js';
import { KeyRotation } from './key-rotation.js';
import { LocalVerificationKeys } from './local-verification-keys.js';
import { ServerSecret } from './server-secrets/server-secret.entity.js';
import { ServerSecrets } from './server-secrets/server-secrets.js';
import { StoredSigningKey } from './signing-key.entity.js';
import { SigningKeyCache } from './signing-key-cache.js';

/** Manages the keys of the provider: signing keys and their rotation, server secrets, and the encryption of rows. */
@Module({
  imports: [TypeOrmModule.forFeature([StoredSigningKey, ServerSecret]), SecurityEventsModule],
  providers: [
    { provide: SigningKeys, useClass: SigningKeyCache },
    KeyRotation,
    LocalVerificationKeys,
    ServerSecrets,
    EncryptedRows,
    AccessTokenIssuer,
    IdTokenIssuer,
    ResponseSigner,
  ],
  exports: [
    SigningKeys,
    KeyRotation,
    LocalVerificationKeys,
    ServerSecrets,
    EncryptedRows,
    AccessTokenIssuer,
    IdTokenIssuer,
    ResponseSigner,
  ],
})
export class KeysModule {}
