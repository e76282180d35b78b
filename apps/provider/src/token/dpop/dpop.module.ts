import { Module } from '@nestjs/common';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { DpopProofReader } from './dpop-proof-reader.js';

/** Reads the DPoP proofs of token requests and pushed authorization requests (RFC 9449). */
@Module({
  imports: [SecurityEventsModule],
  providers: [DpopProofReader],
  exports: [DpopProofReader],
})
export class DpopModule {}
