import { Controller, Get, Header, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { contactScopes, ExportedContact, StreamQuery } from '@trefoil/dto';
import { MachineRoute, Token, TokenRevoked, type VerifiedAccessToken } from '@trefoil/guards';
import { ApiStreamLimit, NDJSON, NdjsonStreams } from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import type { Contact } from '../contacts/contact.entity.js';
import { Contacts } from '../contacts/contacts.js';
import { Directory } from '../provider-client/directory.js';
import { exportLines } from './export-lines.js';

const BATCH_SIZE = 100;

/** Serves the data of all users to machine clients. */
@ApiTags('Exports')
@Controller('v1/exports')
export class ExportsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly directory: Directory,
    private readonly streams: NdjsonStreams,
  ) {}

  @Get('contacts')
  @MachineRoute(contactScopes.export.name)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Export the contacts of all users',
    description:
      'One JSON object on each line, sorted by owner. With `end=line` one more line says how many lines there were.',
  })
  @ApiProduces(NDJSON)
  @ApiOkResponse({
    description: 'Each line is one object. A connection that is reset means that contacts are missing.',
    standardSchema: ExportedContact,
  })
  @ApiStreamLimit()
  async contactsOfAll(
    @Token() { claims: { sub } }: VerifiedAccessToken,
    @TokenRevoked() revoked: AbortSignal,
    @Query({ schema: StreamQuery }) { end }: StreamQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const sources = {
      batchAfter: (last: Contact) => this.contacts.batchAfter(last, BATCH_SIZE),
      namesOf: (owners: readonly string[]) => this.directory.namesOf(owners),
    };
    return this.streams.send({ reply, sub, revoked }, async () =>
      exportLines(await this.contacts.batchAfter(undefined, BATCH_SIZE), sources, end),
    );
  }
}
