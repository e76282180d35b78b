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
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Contact as ContactBody, type ContactInput, ContactPage, type ContactPatch } from '@trefoil/dto';
import { ApiAnswer, ApiProblem, Token, TokenRevoked, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { type BackendConfig, CONFIG } from '../config.js';
import { fingerprint } from '../idempotency/fingerprint.js';
import { checkIdempotencyKey } from '../idempotency/idempotency-key.js';
import { type Answer, IdempotentRequests } from '../idempotency/idempotent-requests.js';
import { NDJSON, ndjsonStream } from '../ndjson-stream.js';
import { type ContactCursor, formatCursor } from './contact-cursor.js';
import { ContactIdPipe } from './contact-id.pipe.js';
import { contactLines } from './contact-lines.js';
import { ContactChange, ContactListQuery, NewContact } from './contact-requests.js';
import type { Contact } from './contact.entity.js';
import { Contacts } from './contacts.js';
import { formatEntityTag } from './entity-tag.js';
import { callerHas, versionsAllowedBy } from './preconditions.js';
import { prefersNdjson } from './prefers-ndjson.js';
import { representContact } from './represent-contact.js';

const BATCH_SIZE = 500;

const ifMatch = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The ETag you read: nothing is done when the contact has changed since',
});

/** The contacts of the user whose token it is. */
@ApiTags('Contacts')
@Controller('v1/contacts')
export class ContactsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly idempotentRequests: IdempotentRequests,
    @Inject(CONFIG) private readonly config: Pick<BackendConfig, 'PUBLIC_URL'>,
  ) {}

  @Get()
  @UserRoute('contacts:read')
  @Header('Cache-Control', 'private, no-cache')
  @Header('Vary', 'Accept')
  @ApiOperation({
    summary: 'List contacts, the newest first',
    description:
      'Searches name, email, company, phone and notes. Who accepts `application/x-ndjson` gets all of them in one stream, ' +
      'one JSON object a line; a connection that breaks off was not the end.',
  })
  @ApiAnswer('One page, and `nextCursor` leads to the next; or a line for each contact', {
    'application/json': ContactPage,
    [NDJSON]: ContactBody,
  })
  async list(
    @Token() { claims }: VerifiedAccessToken,
    @TokenRevoked() revoked: AbortSignal,
    @Query({ schema: ContactListQuery }) { search, cursor, limit }: ContactListQuery,
    @Headers('Accept') accept: string | undefined,
  ): Promise<ContactPage | StreamableFile> {
    if (prefersNdjson(accept)) return this.stream(claims.sub, search, cursor, revoked);
    const { contacts, more } = await this.contacts.page(claims.sub, { search, after: cursor, limit });
    const last = contacts.at(-1);
    return { items: contacts.map(representContact), nextCursor: more && last ? formatCursor(last) : null };
  }

  @Post()
  @UserRoute('contacts:write')
  @ApiOperation({ summary: 'Add a contact' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A retry with the same key gets the same answer, for 24 h',
  })
  @ApiCreatedResponse({
    description: 'The contact; `Location` and `ETag` are its address and version',
    standardSchema: ContactBody,
  })
  @ApiProblem(409, 'The first request with this Idempotency-Key is still running')
  @ApiProblem(422, 'The Idempotency-Key came with another request before')
  async create(
    @Token() { claims }: VerifiedAccessToken,
    @Body({ schema: NewContact }) input: ContactInput,
    @Headers('Idempotency-Key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const key = checkIdempotencyKey(header);
    const add = async (manager?: EntityManager) => this.created(await this.contacts.add(claims.sub, input, manager));
    const request = {
      owner: claims.sub,
      clientId: claims.client_id,
      fingerprint: fingerprint('POST /v1/contacts', input),
    };
    const answer = key === undefined ? await add() : await this.idempotentRequests.once({ ...request, key }, add);
    reply.status(answer.status).headers(answer.headers);
    return answer.body;
  }

  @Get(':id')
  @UserRoute('contacts:read')
  @ApiOperation({ summary: 'Read a contact' })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'The ETag you have: 304 when it is still the same',
  })
  @ApiOkResponse({ description: 'The contact; `ETag` is its version', standardSchema: ContactBody })
  @ApiNotModifiedResponse({ description: 'You have it already' })
  @ApiProblem(404, 'You have no contact with this id')
  async read(
    @Token() { claims }: VerifiedAccessToken,
    @Param('id', ContactIdPipe) id: string,
    @Headers('If-None-Match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBody | undefined> {
    const contact = await this.contacts.get(claims.sub, id);
    void reply.headers({ ETag: formatEntityTag(contact.version), 'Cache-Control': 'private, no-cache' });
    if (!callerHas(contact.version, ifNoneMatch)) return representContact(contact);
    void reply.status(304);
    return undefined;
  }

  @Patch(':id')
  @UserRoute('contacts:write')
  @ApiOperation({ summary: 'Change a contact', description: 'What is named is set, what is absent stays.' })
  @ifMatch
  @ApiOkResponse({ description: 'The contact as it is now', standardSchema: ContactBody })
  @ApiProblem(404, 'You have no contact with this id')
  @ApiProblem(412, 'The contact has changed since you read it')
  async change(
    @Token() { claims }: VerifiedAccessToken,
    @Param('id', ContactIdPipe) id: string,
    @Body({ schema: ContactChange }) patch: ContactPatch,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContactBody> {
    const contact = await this.contacts.change(claims.sub, id, patch, versionsAllowedBy(ifMatch));
    void reply.header('ETag', formatEntityTag(contact.version));
    return representContact(contact);
  }

  @Delete(':id')
  @UserRoute('contacts:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a contact' })
  @ifMatch
  @ApiNoContentResponse({ description: 'The contact is gone' })
  @ApiProblem(404, 'You have no contact with this id')
  @ApiProblem(412, 'The contact has changed since you read it')
  async remove(
    @Token() { claims }: VerifiedAccessToken,
    @Param('id', ContactIdPipe) id: string,
    @Headers('If-Match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.contacts.remove(claims.sub, id, versionsAllowedBy(ifMatch));
  }

  private async stream(
    owner: string,
    search: string | undefined,
    after: ContactCursor | undefined,
    revoked: AbortSignal,
  ) {
    const page = (after: ContactCursor | undefined) => this.contacts.page(owner, { search, after, limit: BATCH_SIZE });
    // The first batch comes before the status, so that a database that is down is a 503.
    return ndjsonStream(contactLines(await page(after), page), revoked);
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
