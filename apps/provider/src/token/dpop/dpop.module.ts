import { Module } from '@nestjs/common';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { ProofReader } from './proof-reader.js';

/** Reads the DPoP proofs of requests for codes and tokens (RFC 9449). */
@Module({
  imports: [SecurityEventsModule],
  providers: [ProofReader],
  exports: [ProofReader],
})
export class DpopModule {}
