import { Module } from '@nestjs/common';
import { KeyUpkeep } from '../key-upkeep.js';
import { KeysModule } from '../keys.module.js';
import { JwksController } from './jwks.controller.js';

/** Publishes the verification keys at `/jwks` and rotates them on schedule. */
@Module({
  imports: [KeysModule],
  controllers: [JwksController],
  providers: [KeyUpkeep],
})
export class JwksModule {}
