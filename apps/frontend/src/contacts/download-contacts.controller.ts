import { Controller, Get, Header, Res, StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import { CurrentSession, PageErrorFilter, type Session, SessionGuard } from '@trefoil/web-server';
import type { FastifyReply } from 'fastify';
import { BackendClient, NDJSON } from '../backend-client/backend-client.js';
import { OpenDownloads } from './open-downloads.js';

/** Streams all contacts from the backend as a file, for as long as the session lasts: `GET /contacts/download`. */
@Controller('contacts/download')
@UseFilters(PageErrorFilter)
@UseGuards(SessionGuard)
export class DownloadContactsController {
  constructor(
    private readonly backend: BackendClient,
    private readonly downloads: OpenDownloads,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async download(
    @CurrentSession() session: Session,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const contacts = await this.downloads.start(reply.raw, session.id, () => this.backend.allContacts(session));
    return new StreamableFile(contacts, { type: NDJSON, disposition: 'attachment; filename="contacts.ndjson"' });
  }
}
