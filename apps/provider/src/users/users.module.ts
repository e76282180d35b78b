import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG } from '../config.js';
import { KeysModule } from '../keys/keys.module.js';
import { ServerSecrets } from '../keys/server-secrets/server-secrets.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { subjectKey, Subjects } from './subjects.js';
import { UserRegistrations } from './user-registrations.js';
import { User } from './user.entity.js';
import { Users } from './users.js';

/** Keeps users and their passwords, and derives the subjects by which clients know them. */
@Module({
  imports: [TypeOrmModule.forFeature([User]), SecurityEventsModule, KeysModule],
  providers: [
    Users,
    UserRegistrations,
    {
      provide: Subjects,
      useFactory: async (...parameters: Parameters<typeof subjectKey>) => new Subjects(await subjectKey(...parameters)),
      inject: [ServerSecrets, CONFIG],
    },
  ],
  exports: [Users, UserRegistrations, Subjects],
})
export class UsersModule {}
