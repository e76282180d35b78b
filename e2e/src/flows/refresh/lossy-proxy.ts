import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * The faults that the proxy can cause for a refresh: the request or the response is lost, or the response is an error.
 */
export type Fault = 'none' | 'request lost' | 'response lost' | 'unavailable' | 'response malformed';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * A proxy between the frontends and the replicas of the provider. It sends each request to the next replica, and causes
 * the faults that a test wants. It keeps faults and tokens by grant, whose ID is part of codes and refresh tokens.
 */
export class LossyProxy {
  /** The origins of the replicas of the provider. */
  targets: readonly string[] = [];
  /** The grant of the most recently redeemed code. */
  newestGrant = '';
  private readonly faults = new Map<string, Fault[]>();
  /** For how many of the next responses for a grant the access token expires at once. By default for all of them. */
  private readonly shortLived = new Map<string, number>();
  private readonly tokens = new Map<string, string>();
  private turn = 0;
  private readonly server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing));

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Starts to listen on loopback. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
  }

  /** Stops the proxy and closes its connections. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /**
   * Sets the faults of the next refreshes of a grant, in order, and how many give an access token that expires at once.
   */
  setFaults(grant: string, faults: readonly Fault[], shortLived: number): void {
    this.faults.set(grant, [...faults]);
    this.shortLived.set(grant, shortLived);
  }

  /** Returns the newest refresh token of a grant. */
  refreshTokenOf(grant: string): string {
    return this.tokens.get(grant) ?? '';
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await buffer(incoming);
      const form = new URLSearchParams(incoming.url === '/token' ? body.toString() : '');
      const grant = grantOf(form.get('code') ?? form.get('refresh_token'));
      const fault = (form.has('refresh_token') && this.faults.get(grant)?.shift()) || 'none';
      if (fault === 'request lost') return void outgoing.destroy();
      if (fault === 'unavailable') return void outgoing.writeHead(503, { 'retry-after': '1' }).end();
      const answer = await this.send(incoming, body);
      if (fault === 'response lost') return void outgoing.destroy();
      if (fault === 'response malformed') return void outgoing.writeHead(200, answer.headers).end('<html>');
      if (form.has('code')) this.newestGrant = grant;
      const passed = grant === '' || answer.status !== 200 ? answer.body : this.rewrite(grant, answer.body);
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

  /** Stores the refresh token of a response, and changes the response when the access token must expire at once. */
  private rewrite(grant: string, body: Buffer): Buffer {
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

/** Returns the ID of the grant of a code or a refresh token. Empty for other values. */
function grantOf(token: string | null): string {
  const hex = Buffer.from(token?.slice('tfr_'.length) ?? '', 'base64url').toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
