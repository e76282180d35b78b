import { type Contact, ContactInput } from '@trefoil/dto';
import { type Answer, type LoopbackOpenIdProvider, LoopbackServer, type Received } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

const INVALID_TOKEN: Answer = [401, {}, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }];
const PAGE_SIZE = 20;
const NDJSON = 'application/x-ndjson';

/** A minimal backend for the frontend's tests. It keeps contacts in memory. */
export class LoopbackBackend extends LoopbackServer {
  /** The contacts by id, the newest last. */
  readonly contacts = new Map<string, Contact & { version: number }>();
  /** The answer to every request, instead of the usual one. */
  refuses: Answer | undefined;
  private readonly answers = new Map<string, Answer>();

  constructor(private readonly issuer: LoopbackOpenIdProvider) {
    super();
  }

  /** Adds a contact without a request. */
  add(input: Partial<ContactInput> & Pick<ContactInput, 'name'>): Contact {
    const now = new Date().toISOString();
    const text = { email: '', phone: '', company: '', notes: '', ...input };
    const contact = { id: randomUUID(), ...text, createdAt: now, updatedAt: now, version: 1 };
    this.contacts.set(contact.id, contact);
    return contact;
  }

  /** Changes a contact without a request, as another user of the same account could. */
  change(id: string, input: Partial<ContactInput>): Answer {
    const contact = this.contacts.get(id);
    if (!contact) return [404, {}];
    Object.assign(contact, input, { version: contact.version + 1, updatedAt: new Date().toISOString() });
    return represent(contact);
  }

  protected answer(request: Received): Answer {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const sub = this.issuer.subjectOf(token, this.url);
    if (sub === undefined) return INVALID_TOKEN;
    if (this.refuses) return this.refuses;
    if (request.url.pathname === '/v1/profile')
      return [200, { account: account(sub), contactCount: this.contacts.size }];
    const [, id] = /^\/v1\/contacts(?:\/([^/]+))?$/.exec(request.url.pathname) ?? [];
    return id === undefined ? this.ofAll(request) : this.ofOne(id, request);
  }

  private ofAll({ method, url, headers, body }: Received): Answer {
    if (headers.accept === NDJSON) return [200, this.lines(), { 'Content-Type': NDJSON }];
    if (method === 'GET') return this.page(url.searchParams);
    const key = String(headers['idempotency-key']);
    const earlier = this.answers.get(key);
    if (earlier) return earlier;
    const input = parse(body);
    if ('errors' in input) return [400, input];
    const answer: Answer = [201, this.add(input)];
    this.answers.set(key, answer);
    return answer;
  }

  /** Returns the stream of all contacts. A test may replace it. */
  lines = (): Readable => Readable.from([...this.contacts.values()].map((contact) => `${JSON.stringify(contact)}\n`));

  private page(query: URLSearchParams): Answer {
    const search = query.get('search') ?? '';
    const found = [...this.contacts.values()].reverse().filter((contact) => JSON.stringify(contact).includes(search));
    const start = Number(query.get('cursor') ?? 0);
    const end = start + PAGE_SIZE;
    return [200, { items: found.slice(start, end), nextCursor: end < found.length ? String(end) : null }];
  }

  private ofOne(id: string, { method, headers, body }: Received): Answer {
    const contact = this.contacts.get(id);
    if (!contact) return [404, {}];
    if (method === 'GET') return represent(contact);
    if (headers['if-match'] && headers['if-match'] !== `"${contact.version}"`) return [412, {}];
    if (method === 'DELETE') {
      this.contacts.delete(id);
      return [204];
    }
    const input = parse(body);
    return 'errors' in input ? [400, input] : this.change(id, input);
  }
}

const represent = (contact: Contact & { version: number }): Answer => [200, contact, { ETag: `"${contact.version}"` }];

function parse(body: string) {
  const parsed = ContactInput.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  return { title: 'Bad Request', status: 400, errors };
}

const account = (sub: string) => ({
  sub,
  name: sub === 'alice' ? 'Alice Example' : 'Bob Example',
  email: `${sub}@example.com`,
  email_verified: true,
  phone_number: '+1 (425) 555-1212',
  address: { formatted: '1 Clover Lane\nGreenfield' },
  updated_at: 1_700_000_000,
});
