import { Controller, Get, Header, StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import { Backend, NDJSON } from '../backend-client/backend-client.js';
import { PageErrorFilter } from '../page-access/page-error.filter.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import { SessionGuard } from '../session/session.guard.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { whileSignedIn } from './while-signed-in.js';

/** `GET /contacts/download`: all contacts as a file, streamed from the backend for as long as the session lasts. */
@Controller('contacts/download')
@UseFilters(PageErrorFilter)
@UseGuards(SessionGuard)
export class DownloadContactsController {
  constructor(
    private readonly backend: Backend,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async download(@CurrentSession() session: Session): Promise<StreamableFile> {
    const contacts = await this.backend.allContacts(session);
    const isSignedIn = async () => (await this.sessions.find(session.id)) !== undefined;
    const disposition = 'attachment; filename="contacts.ndjson"';
    return new StreamableFile(whileSignedIn(contacts, isSignedIn), { type: NDJSON, disposition });
  }
}
