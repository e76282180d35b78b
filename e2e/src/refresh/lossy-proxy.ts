import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What becomes of a refresh: it never arrives, its answer never comes, or comes as a fault of the provider. */
export type Fate = 'well' | 'lost' | 'answer lost' | 'unavailable' | 'answer garbled';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Stands between the frontends and the replicas of the provider, each request at the next replica, and loses what a test
 * says. What is lost, and what was seen, goes by grant: a code and a refresh token begin with its id.
 */
export class LossyProxy {
  /** The origins of the replicas. */
  targets: readonly string[] = [];
  /** The grant of the code that was redeemed last. */
  newestGrant = '';
  private readonly fates = new Map<string, Fate[]>();
  /** How many of the next answers for a grant say that the access token ends at once; all until a test says so. */
  private readonly shortLived = new Map<string, number>();
  private readonly tokens = new Map<string, string>();
  private turn = 0;
  private readonly server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing));

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What becomes of the next refreshes of a grant, in order, and how many give a token that ends at once. */
  expose(grant: string, fates: readonly Fate[], shortLived: number): void {
    this.fates.set(grant, [...fates]);
    this.shortLived.set(grant, shortLived);
  }

  /** The refresh token of a grant that was seen last. */
  refreshTokenOf(grant: string): string {
    return this.tokens.get(grant) ?? '';
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await buffer(incoming);
      const form = new URLSearchParams(incoming.url === '/token' ? body.toString() : '');
      const grant = grantOf(form.get('code') ?? form.get('refresh_token'));
      const fate = (form.has('refresh_token') && this.fates.get(grant)?.shift()) || 'well';
      if (fate === 'lost') return void outgoing.destroy();
      if (fate === 'unavailable') return void outgoing.writeHead(503, { 'retry-after': '1' }).end();
      const answer = await this.send(incoming, body);
      if (fate === 'answer lost') return void outgoing.destroy();
      if (fate === 'answer garbled') return void outgoing.writeHead(200, answer.headers).end('<html>');
      if (form.has('code')) this.newestGrant = grant;
      const passed = grant === '' || answer.status !== 200 ? answer.body : this.note(grant, answer.body);
      outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': passed.length }).end(passed);
    } catch {
      outgoing.destroy();
    }
  }

  private send({ url, method, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const target = new URL(url ?? '/', this.targets[this.turn++ % this.targets.length]);
    return new Promise((resolve, reject) => {
      const { 'transfer-encoding': _, ...kept } = headers;
      const sent = request(target, { method, headers: kept }, (answer) => {
        const { statusCode: status = 502 } = answer;
        buffer(answer).then((all) => resolve({ status, headers: withoutFraming(answer.headers), body: all }), reject);
      });
      sent.on('error', reject).end(body);
    });
  }

  /** Remembers the refresh token, and says that the access token ends at once where a test wants that. */
  private note(grant: string, body: Buffer): Buffer {
    const tokens = JSON.parse(body.toString()) as { refresh_token: string };
    this.tokens.set(grant, tokens.refresh_token);
    const left = this.shortLived.get(grant) ?? Infinity;
    this.shortLived.set(grant, left - 1);
    return Buffer.from(JSON.stringify(left > 0 ? { ...tokens, expires_in: 0 } : tokens));
  }
}

function withoutFraming({ 'transfer-encoding': _, connection: __, ...headers }: IncomingMessage['headers']) {
  return headers;
}

/** The id of the grant that a code or a refresh token is derived from; empty for anything else. */
function grantOf(token: string | null): string {
  const hex = Buffer.from(token?.slice('tfr_'.length) ?? '', 'base64url').toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
