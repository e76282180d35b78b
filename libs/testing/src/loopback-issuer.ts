import { type AccessTokenClaims, GRANT_TYPE } from '@trefoil/oauth-protocol';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LoopbackTransmitter } from './loopback-transmitter.js';

const KEY_ID = 'test';

/** A status and a JSON body. */
type Answer = [status: number, body: object];

/** A small provider for tests: signs and exchanges tokens, serves accounts and the directory, and sends events. */
export class LoopbackIssuer {
  readonly users = new Map<string, { name: string; email: string }>();
  /** The requests that arrived, such as `POST /token`. */
  readonly requests: string[] = [];
  /** The answer to token exchanges in place of a token. */
  exchangeRefusal: Answer | undefined;
  /** Sends events to receivers. */
  readonly transmitter: LoopbackTransmitter;
  /** Whether requests are accepted and never answered. */
  hangs = false;

  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private port = 0;

  /** @param clientId the client id of the resource server under test. */
  constructor(private readonly clientId = 'backend') {
    this.transmitter = new LoopbackTransmitter(this, clientId, (claims) => this.sign(claims, 'secevent+jwt'));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts listening, on the same port as before {@link stop}. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Issues an access token (RFC 9068) with these claims. It expires after a minute unless the claims contain `exp`. */
  token(claims: Partial<AccessTokenClaims> & Pick<AccessTokenClaims, 'aud'>): string {
    const iat = Math.floor(Date.now() / 1000);
    return this.sign({ iss: this.url, jti: randomUUID(), iat, exp: iat + 60, ...claims }, 'at+jwt');
  }

  /** Signs a JWT with the published key. @param typ the `typ` of its header */
  private sign(payload: object, typ: string): string {
    const signed = [{ alg: 'ES256', typ, kid: KEY_ID }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = { key: this.keys.privateKey, dsaEncoding: 'ieee-p1363' as const };
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '/';
    this.requests.push(`${request.method} ${path}`);
    if (this.hangs) return;
    const sent = await text(request);
    const [status, body] = path.startsWith('/ssf/')
      ? await this.transmitter.answer(request, sent)
      : this.answerTo(path, new URLSearchParams(sent), request.headers.authorization);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }

  private answerTo(path: string, form: URLSearchParams, authorization?: string): Answer {
    if (path.startsWith('/.well-known/')) return [200, this.metadata()];
    if (path === '/introspect') return [200, { active: !this.transmitter.hasRevoked(form.get('token') ?? '') }];
    if (path === '/jwks') {
      return [
        200,
        { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'ES256' }] },
      ];
    }
    if (path === '/token') return this.issue(form);
    const { sub, scope } = this.read(authorization);
    const user = this.users.get(path === '/api/account' ? sub : path.replace('/api/users/', ''));
    if (scope !== (path === '/api/account' ? 'account:read' : 'directory:read')) return [403, {}];
    if (!user) return [404, {}];
    return [200, path === '/api/account' ? { sub, email_verified: true, updated_at: 0, ...user } : { sub, ...user }];
  }

  private metadata() {
    return {
      issuer: this.url,
      jwks_uri: `${this.url}/jwks`,
      token_endpoint: `${this.url}/token`,
      introspection_endpoint: `${this.url}/introspect`,
      configuration_endpoint: `${this.url}/ssf/streams`,
      status_endpoint: `${this.url}/ssf/status`,
    };
  }

  private issue(form: URLSearchParams): Answer {
    const isExchange = form.get('grant_type') === GRANT_TYPE.tokenExchange;
    if (isExchange && this.exchangeRefusal) return this.exchangeRefusal;
    const { sub } = isExchange ? this.read(`Bearer ${form.get('subject_token')}`) : { sub: this.clientId };
    const scope = form.get('scope') ?? '';
    const access_token = this.token({ aud: form.get('resource') ?? '', sub, client_id: this.clientId, scope });
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    return [
      200,
      { access_token, token_type: 'Bearer', expires_in: 60, scope, ...(isExchange && { issued_token_type }) },
    ];
  }

  private read(authorization = ''): Pick<AccessTokenClaims, 'sub' | 'scope'> {
    const payload = authorization.split('.')[1] ?? '';
    return JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as AccessTokenClaims;
  }
}
