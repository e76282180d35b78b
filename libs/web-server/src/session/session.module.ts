import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { SessionCookie } from './session-cookie.js';
import { SessionIndex } from './session-index.js';
import { Sessions } from './sessions.js';

/** The sessions of signed-in users, and the cookie that identifies them. */
@Module({
  imports: [DatabaseModule, HttpModule],
  providers: [SessionIndex, Sessions, SessionCookie],
  exports: [Sessions, SessionCookie],
})
export class SessionModule {}
