import { Controller, Get, Header, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { contactScopes, ExportedContact } from '@trefoil/dto';
import { MachineRoute, TokenRevoked } from '@trefoil/guards';
import { NDJSON, ndjsonStream } from '@trefoil/resource-api';
import { Contacts } from '../contacts/contacts.js';
import { Directory } from '../provider-client/directory.js';
import { exportLines } from './export-lines.js';

const BATCH_SIZE = 500;

/** Serves the data of all users to machine clients. */
@ApiTags('Exports')
@Controller('v1/exports')
export class ExportsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly directory: Directory,
  ) {}

  @Get('contacts')
  @MachineRoute(contactScopes.export.name)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Export the contacts of all users',
    description: 'One JSON object on each line, sorted by owner.',
  })
  @ApiProduces(NDJSON)
  @ApiOkResponse({
    description: 'Each line is one object. A connection that is closed early means that contacts are missing.',
    standardSchema: ExportedContact,
  })
  async contactsOfAll(@TokenRevoked() revoked: AbortSignal): Promise<StreamableFile> {
    // The first batch is read before the status is sent, so that a database that is down is answered with 503.
    const first = await this.contacts.batchAfter(undefined, BATCH_SIZE);
    const lines = exportLines(first, {
      batchAfter: (last) => this.contacts.batchAfter(last, BATCH_SIZE),
      namesOf: (owners) => this.directory.namesOf(owners),
    });
    return ndjsonStream(lines, revoked);
  }
}
