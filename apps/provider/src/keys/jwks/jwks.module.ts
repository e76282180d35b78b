import { Module } from '@nestjs/common';
import { KeyMaintenance } from '../key-maintenance.js';
import { KeysModule } from '../keys.module.js';
import { JwksController } from './jwks.controller.js';

/** Publishes the verification keys at `/jwks` and rotates the signing keys by schedule. */
@Module({
  imports: [KeysModule],
  controllers: [JwksController],
  providers: [KeyMaintenance],
})
export class JwksModule {}
