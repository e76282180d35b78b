import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotentRequests } from './idempotent-requests.js';
import { StoredAnswer } from './stored-answer.entity.js';

/**
 * Provides `IdempotentRequests`. The app adds `StoredAnswer` to the entities of its data source, runs `storedAnswersSchema`
 * in a migration, and lists `expiredAnswersTask` among its housekeeping tasks.
 */
@Module({
  imports: [TypeOrmModule.forFeature([StoredAnswer])],
  providers: [IdempotentRequests],
  exports: [IdempotentRequests],
})
export class IdempotencyModule {}
