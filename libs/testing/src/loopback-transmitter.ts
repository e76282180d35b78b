import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const HELD_MILLISECONDS = 20_000;

type Answer = [status: number, body: object];

interface Stream {
  stream_id: string;
  description: string;
  delivery: { method: string; endpoint_url: string };
  status: string;
}

interface PollResults {
  ack: string[];
  setErrs?: Record<string, { err: string }>;
  returnImmediately: boolean;
}

/** The subject of a `session-revoked` event: the token, grant, session or client that was revoked. */
export type Subject = { format: string } & Record<string, unknown>;

export const tokenSubject = (iss: string, jti: string): Subject => ({ format: 'jwt_id', iss, jti });
export const grantSubject = (id: string): Subject => ({ format: 'complex', grant: { format: 'opaque', id } });
export const sessionSubject = (id: string): Subject => ({ format: 'complex', session: { format: 'opaque', id } });
export const clientSubject = (id: string): Subject => ({ format: 'complex', application: { format: 'opaque', id } });

/** A small Shared Signals transmitter for tests. Every stream receives all events, also those from before it was created (SSF 1.0, RFC 8936). */
export class LoopbackTransmitter {
  readonly streams = new Map<string, Stream>();
  /** The errors that receivers reported, by the `jti` of the event. */
  readonly refusals: Record<string, { err: string }> = {};
  private pollRefusal: Answer | undefined;
  private readonly sets = new Map<string, string>();
  private readonly subjects: Subject[] = [];
  private readonly acknowledged = new Map<string, Set<string>>();
  private readonly changes = new EventEmitter();

  constructor(
    private readonly issuer: { readonly url: string },
    private readonly audience: string,
    private readonly sign: (claims: object) => string,
  ) {
    this.changes.setMaxListeners(100);
  }

  /** Sends a `session-revoked` event to every stream, and waits until each receiver has acknowledged or refused it. */
  async sendEvent(subject: Subject, members: object = {}, claims: object = {}): Promise<void> {
    this.subjects.push(subject);
    const now = Math.floor(Date.now() / 1000);
    const events = { [SESSION_REVOKED]: { event_timestamp: now, ...members } };
    const jti = randomUUID();
    const usual = { iss: this.issuer.url, aud: this.audience, iat: now, jti, sub_id: subject, events };
    await this.sendSet(jti, this.sign({ ...usual, ...claims }));
  }

  /** Sends a text in place of a SET, valid or not, and waits until each receiver has acknowledged or refused it. */
  async sendSet(jti: string, set: string): Promise<void> {
    this.sets.set(jti, set);
    this.changes.emit('change');
    while (![...this.streams.keys()].every((stream) => this.isSettled(stream, jti)))
      await once(this.changes, 'settled');
  }

  /** Returns whether an event revoked this token by its `jti`. */
  hasRevoked(token: string): boolean {
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}') as {
      jti: string;
    };
    return this.subjects.some((subject) => subject.jti === jti);
  }

  async answer(request: IncomingMessage, body: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.issuer.url);
    const sent = JSON.parse(body || '{}') as PollResults &
      Pick<Stream, 'description' | 'status'> & { stream_id?: string };
    const stream = this.streams.get(searchParams.get('stream_id') ?? sent.stream_id ?? pathname.split('/')[3] ?? '');
    if (pathname === '/ssf/streams' && request.method === 'GET') return [200, [...this.streams.values()]];
    if (pathname === '/ssf/streams' && request.method === 'POST') return [201, this.create(sent)];
    if (!stream) return [404, {}];
    if (request.method === 'DELETE') return [200, { deleted: this.streams.delete(stream.stream_id) }];
    if (pathname === '/ssf/status') return [200, Object.assign(stream, request.method === 'POST' ? sent : {})];
    return this.poll(stream, sent, request);
  }

  private create({ description }: { description: string }): Stream {
    const stream_id = randomUUID();
    const delivery = { method: 'urn:ietf:rfc:8936', endpoint_url: `${this.issuer.url}/ssf/streams/${stream_id}/poll` };
    const stream = { stream_id, description, delivery, status: 'enabled' };
    this.streams.set(stream_id, stream);
    this.acknowledged.set(stream_id, new Set());
    return stream;
  }

  private async poll({ stream_id }: Stream, results: PollResults, request: IncomingMessage): Promise<Answer> {
    const settled = this.acknowledged.get(stream_id);
    Object.assign(this.refusals, results.setErrs);
    for (const jti of [...results.ack, ...Object.keys(results.setErrs ?? {})]) settled?.add(jti);
    this.changes.emit('settled');
    const gone = AbortSignal.any([AbortSignal.timeout(HELD_MILLISECONDS), closing(request)]);
    for (;;) {
      if (this.pollRefusal) {
        this.changes.emit('refused');
        return this.pollRefusal;
      }
      if (this.streams.get(stream_id)?.status === undefined) return [404, {}];
      const due =
        this.streams.get(stream_id)?.status === 'enabled' ? [...this.sets].filter(([jti]) => !settled?.has(jti)) : [];
      const isOver = results.returnImmediately || gone.aborted;
      if (due.length > 0 || isOver) return [200, { sets: Object.fromEntries(due), moreAvailable: false }];
      await once(this.changes, 'change', { signal: gone }).catch(() => undefined);
    }
  }

  /**
   * Answers polls with an error, also pending ones; undefined ends that. Waits until the first poll has been refused.
   */
  async refusePolls(answer: Answer | undefined): Promise<void> {
    this.pollRefusal = answer;
    this.changes.emit('change');
    if (answer) await once(this.changes, 'refused');
  }

  /** Sets the status of every stream, as an administrator of the provider can. */
  setStatus(status: string): void {
    for (const stream of this.streams.values()) stream.status = status;
  }

  /** Deletes all streams, as an administrator of the provider can. */
  deleteStreams(): void {
    this.streams.clear();
    this.changes.emit('change');
  }

  private isSettled(stream: string, jti: string): boolean {
    return this.acknowledged.get(stream)?.has(jti) ?? true;
  }
}

function closing({ socket }: IncomingMessage): AbortSignal {
  const controller = new AbortController();
  const close = () => controller.abort();
  socket.setMaxListeners(0).once('close', close);
  return controller.signal;
}
