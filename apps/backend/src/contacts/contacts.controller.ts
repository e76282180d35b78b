import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Contact as ContactBody, ContactInput, ContactPage, ContactPatch, contactScopes } from '@trefoil/dto';
import { ApiAnswer, ApiProblem, Token, TokenRevoked, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import {
  type Answer,
  ApiIdempotencyKey,
  ApiIfMatch,
  ApiIfNoneMatch,
  ApiStreamLimit,
  type CreationPosition,
  formatEntityTag,
  IdempotentRequests,
  isNotModified,
  jsonLines,
  NDJSON,
  NdjsonStreams,
  prefersNdjson,
  type StreamReader,
  UuidPipe,
  versionsAllowedBy,
} from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import { type BackendConfig, CONFIG } from '../config.js';
import { ContactListQuery } from './contact-requests.js';
import type { Contact } from './contact.entity.js';
import { Contacts, noSuchContact } from './contacts.js';
import { representContact } from './represent-contact.js';

const BATCH_SIZE = 100;
const READ = contactScopes.read.name;
const WRITE = contactScopes.write.name;

/** Takes the id of a contact from the path. */
const ContactId = () => Param('id', new UuidPipe(noSuchContact));

/** Serves the contacts of the user who the token was issued for. */
@ApiTags('Contacts')
@Controller('v1/contacts')
export class ContactsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly idempotentRequests: IdempotentRequests,
    private readonly streams: NdjsonStreams,
    @Inject(CONFIG) private readonly config: Pick<BackendConfig, 'PUBLIC_URL'>,
  ) {}

  @Get()
  @UserRoute(READ)
  @Header('Cache-Control', 'private, no-cache')
  @Header('Vary', 'Accept')
  @ApiOperation({
    summary: 'List contacts, the newest first',
    description:
      'Searches name, email, company, phone and notes. With `Accept: application/x-ndjson` the answer is a stream of all ' +
      'contacts, one JSON object on each line. A connection that is reset means that contacts are missing. With `end=line` ' +
      'one more line says how many lines there were.',
  })
  @ApiAnswer('One page, whose `nextCursor` leads to the next page; or one line for each contact', {
    'application/json': ContactPage,
    [NDJSON]: ContactBody,
  })
  @ApiStreamLimit()
  async list(
    @Token() { claims }: VerifiedAccessToken,
    @TokenRevoked() revoked: AbortSignal,
    @Query({ schema: ContactListQuery }) query: ContactListQuery,
    @Headers('Accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactPage | StreamableFile> {
    if (prefersNdjson(accept)) return this.stream({ reply, sub: claims.sub, revoked }, query);
    const { search, cursor, limit } = query;
    const { rows, nextCursor } = await this.contacts.page(claims.sub, { search, after: cursor, limit });
    return { items: rows.map(representContact), nextCursor };
  }

  @Post()
  @UserRoute(WRITE)
  @ApiOperation({ summary: 'Add a contact' })
  @ApiIdempotencyKey()
  @ApiCreatedResponse({
    description: 'The contact; `Location` is its address and `ETag` its version',
    standardSchema: ContactBody,
  })
  async create(
    @Token() { claims }: VerifiedAccessToken,
    @Body({ schema: ContactInput }) input: ContactInput,
    @Headers('Idempotency-Key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const request = { claims, key, operation: 'POST /v1/contacts', input };
    const answer = await this.idempotentRequests.once(request, async (manager) =>
      this.created(await this.contacts.add(claims.sub, input, manager)),
    );
    reply.status(answer.status).headers(answer.headers);
    return answer.body;
  }

  @Get(':id')
  @UserRoute(READ)
  @ApiOperation({ summary: 'Read a contact' })
  @ApiIfNoneMatch()
  @ApiOkResponse({ description: 'The contact; `ETag` is its version', standardSchema: ContactBody })
  @ApiProblem(404, 'You have no contact with this id')
  async read(
    @Token() { claims }: VerifiedAccessToken,
    @ContactId() id: string,
    @Headers('If-None-Match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBody | undefined> {
    const contact = await this.contacts.get(claims.sub, id);
    void reply.headers({ ETag: formatEntityTag(contact.version), 'Cache-Control': 'private, no-cache' });
    if (!isNotModified(contact.version, ifNoneMatch)) return representContact(contact);
    void reply.status(304);
    return undefined;
  }

  @Patch(':id')
  @UserRoute(WRITE)
  @ApiOperation({ summary: 'Change a contact', description: 'Sets the members of the body and leaves the others.' })
  @ApiIfMatch()
  @ApiOkResponse({ description: 'The contact after the change', standardSchema: ContactBody })
  @ApiProblem(404, 'You have no contact with this id')
  async change(
    @Token() { claims }: VerifiedAccessToken,
    @ContactId() id: string,
    @Body({ schema: ContactPatch }) patch: ContactPatch,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBody> {
    const contact = await this.contacts.change(claims.sub, id, patch, versionsAllowedBy(ifMatch));
    void reply.header('ETag', formatEntityTag(contact.version));
    return representContact(contact);
  }

  @Delete(':id')
  @UserRoute(WRITE)
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a contact' })
  @ApiIfMatch()
  @ApiNoContentResponse({ description: 'The contact is deleted' })
  @ApiProblem(404, 'You have no contact with this id')
  async remove(
    @Token() { claims }: VerifiedAccessToken,
    @ContactId() id: string,
    @Headers('If-Match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.contacts.remove(claims.sub, id, versionsAllowedBy(ifMatch));
  }

  private stream(reader: StreamReader, { search, cursor, end }: ContactListQuery): Promise<StreamableFile> {
    const readNext = async (after: CreationPosition | undefined) =>
      (await this.contacts.page(reader.sub, { search, after, limit: BATCH_SIZE })).rows;
    const represent = (contacts: readonly Contact[]) => contacts.map(representContact);
    return this.streams.send(reader, async () =>
      jsonLines({ first: await readNext(cursor), readNext, represent, end }),
    );
  }

  private created(contact: Contact): Answer {
    return {
      status: 201,
      headers: {
        Location: `${this.config.PUBLIC_URL}/v1/contacts/${contact.id}`,
        ETag: formatEntityTag(contact.version),
      },
      body: representContact(contact),
    };
  }
}
