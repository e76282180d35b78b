import { Controller, Get, Header, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ExportedContact } from '@trefoil/dto';
import { MachineRoute, TokenRevoked } from '@trefoil/guards';
import { Contacts } from '../contacts/contacts.js';
import { NDJSON, ndjsonStream } from '../ndjson-stream.js';
import { Directory } from '../provider/directory.js';
import { exportLines } from './export-lines.js';

const BATCH_SIZE = 500;

/** What machine clients may take of all users at once. */
@ApiTags('Exports')
@Controller('v1/exports')
export class ExportsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly directory: Directory,
  ) {}

  @Get('contacts')
  @MachineRoute('contacts:export')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Export the contacts of all users', description: 'One JSON object a line, by owner.' })
  @ApiProduces(NDJSON)
  @ApiOkResponse({
    description: 'Lines of this kind; a connection that breaks off was not the end',
    standardSchema: ExportedContact,
  })
  async contactsOfAll(@TokenRevoked() revoked: AbortSignal): Promise<StreamableFile> {
    // The first batch comes before the status, so that a database that is down is a 503.
    const first = await this.contacts.batchAfter(undefined, BATCH_SIZE);
    const lines = exportLines(first, {
      batchAfter: (last) => this.contacts.batchAfter(last, BATCH_SIZE),
      namesOf: (owners) => this.directory.namesOf(owners),
    });
    return ndjsonStream(lines, revoked);
  }
}
