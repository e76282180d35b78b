import { Controller, Get, Header, StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { BackendClient, NDJSON } from '../backend-client/backend-client.js';
import { PageErrorFilter } from '../page-access/page-error.filter.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { SessionGuard } from '../session/session.guard.js';
import { Sessions } from '../session/sessions.js';

const CHECK_EVERY_MILLISECONDS = 500;

/** Streams all contacts from the backend as a file, for as long as the session lasts: `GET /contacts/download`. */
@Controller('contacts/download')
@UseFilters(PageErrorFilter)
@UseGuards(SessionGuard)
export class DownloadContactsController {
  constructor(
    private readonly backend: BackendClient,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async download(@CurrentSession() session: Session): Promise<StreamableFile> {
    const contacts = await this.backend.allContacts(session);
    const isSignedIn = async () => (await this.sessions.find(session.id)) !== undefined;
    const disposition = 'attachment; filename="contacts.ndjson"';
    return new StreamableFile(endWithSession(contacts, isSignedIn), { type: NDJSON, disposition });
  }
}

/**
 * Destroys a stream within about half a second after the session has ended, however slowly the stream is read. The
 * download then fails, so nobody mistakes it for a complete one.
 *
 * @param isSignedIn When it rejects, the stream continues: the backend ends it when the token is revoked.
 */
function endWithSession(stream: Readable, isSignedIn: () => Promise<boolean>): Readable {
  let checking = false;
  const check = async () => {
    if (checking) return;
    checking = true;
    if (!(await isSignedIn().catch(() => true))) stream.destroy(new Error('the session has ended'));
    checking = false;
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MILLISECONDS);
  return stream.once('close', () => clearInterval(timer));
}
