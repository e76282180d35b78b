import { Browser, demoUsers, type Page, stackUrls } from '@trefoil/testing';
import {
  createRemoteJWKSet,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { randomUUID } from 'node:crypto';

export const REDIRECT_URI = 'https://rp.example/callback';

export const issuer = () => stackUrls().provider;

/** An answer whose body is JSON, or empty. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- matchers look into it, and they take anything
  readonly body: any;
}

export async function send(url: string | URL, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

/** Sends client metadata to be registered with the demo's initial access token. */
export const register = (metadata: object, at = issuer()): Promise<Answer> =>
  send(`${at}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo-initial-access-token' },
    body: JSON.stringify({ client_name: 'Conformance client', redirect_uris: [REDIRECT_URI], ...metadata }),
  });

/** A browser that stops where the provider hands over to a client. */
export const newBrowser = () =>
  new Browser({ stopAt: [REDIRECT_URI, 'https://rp.example/', 'http://127.0.0.1:49152'] });

/** Signs alice in and allows what is asked, up to a page that asks nothing more. */
export async function answerPages(page: Page): Promise<Page> {
  if (page.has('#login')) return answerPages(await page.submit('#login', demoUsers.alice));
  return page.has('#allow') ? answerPages(await page.submit('#allow')) : page;
}

/** A key of a client. */
export class SuiteKey {
  private constructor(
    readonly publicJwk: JWK,
    private readonly privateKey: CryptoKey,
  ) {}

  static async generate(alg = 'ES256'): Promise<SuiteKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const kid = randomUUID();
    return new SuiteKey({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }, privateKey);
  }

  sign(claims: JWTPayload, header: object = {}): Promise<string> {
    const { alg = '', kid } = this.publicJwk;
    return new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(this.privateKey);
  }
}

/**
 * A client that is registered for one test and speaks HTTP itself, as the OpenID Foundation's suite does: nothing is
 * sent that a test did not ask for.
 */
export class SuiteClient {
  private constructor(
    /** The client information that registration answered with (RFC 7591 §3.2.1). */
    readonly information: Readonly<Record<string, string>>,
    /** Signs its assertions and requests. */
    public key: SuiteKey,
    private readonly issuer: string,
  ) {}

  static async register(metadata: Record<string, unknown> = {}, at = issuer()): Promise<SuiteClient> {
    const key = await SuiteKey.generate();
    const keys =
      metadata.token_endpoint_auth_method === 'private_key_jwt' && !('jwks_uri' in metadata)
        ? { jwks: { keys: [key.publicJwk] } }
        : {};
    const { status, body } = await register({ ...keys, ...metadata }, at);
    if (status !== 201) throw new Error(`registration failed: ${JSON.stringify(body)}`);
    return new SuiteClient(body as Record<string, string>, key, at);
  }

  get id(): string {
    return this.information.client_id ?? '';
  }

  /** An authorization request with `response_type=code`, a state and a nonce; undefined leaves a parameter out. */
  authorizationUrl(parameters: Record<string, string | undefined> = {}): URL {
    const url = new URL('/authorize', this.issuer);
    const all = {
      client_id: this.id,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      state: randomUUID(),
      nonce: randomUUID(),
      ...parameters,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  /** The parameters that the provider sends back with, after alice has answered whatever was asked. */
  async authorize(
    parameters: Record<string, string | undefined> = {},
    browser: Browser = newBrowser(),
  ): Promise<URLSearchParams> {
    const page = await answerPages(await browser.open(this.authorizationUrl(parameters)));
    if (page.location?.href.startsWith(String(parameters.redirect_uri ?? REDIRECT_URI)))
      return page.location.searchParams;
    throw new Error(`the provider did not send back; it shows: ${page.text}`);
  }

  /** Authenticates as registered, and asks for tokens. */
  async token(parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const authentication = await this.authentication();
    return send(`${this.issuer}/token`, {
      method: 'POST',
      headers: { ...authentication.headers, ...headers },
      body: new URLSearchParams({ ...parameters, ...authentication.parameters }),
    });
  }

  /** Redeems the code of an authorization response. */
  redeem(response: URLSearchParams, more: Record<string, string> = {}): Promise<Answer> {
    const code = response.get('code') ?? '';
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more });
  }

  /** Goes from the authorization request to the tokens, which must come. */
  async signIn(parameters: Record<string, string | undefined> = {}, browser?: Browser): Promise<Answer['body']> {
    const { status, body } = await this.redeem(await this.authorize(parameters, browser));
    if (status !== 200) throw new Error(`no tokens: ${JSON.stringify(body)}`);
    return body;
  }

  /** The claims of an ID token, after what OpenID Connect Core §3.1.3.7 has a client check. */
  async idTokenClaims(idToken: string) {
    const verified = await this.signedClaims(idToken);
    for (const name of ['sub', 'exp', 'iat']) if (!(name in verified.payload)) throw new Error(`${name} is missing`);
    return verified;
  }

  /** The claims of whatever else the issuer signed for this client. */
  signedClaims(jwt: string) {
    const keys = createRemoteJWKSet(new URL('/jwks', this.issuer));
    return jwtVerify(jwt, keys, { issuer: this.issuer, audience: this.id });
  }

  /** A client assertion (RFC 7523 §3); override what a test is about. */
  assertion(claims: Record<string, unknown> = {}, header: object = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.id, sub: this.id, aud: this.issuer, jti: randomUUID(), iat: now, exp: now + 60 };
    return this.key.sign({ ...usual, ...claims }, header);
  }

  private async authentication(): Promise<{ headers: Record<string, string>; parameters: Record<string, string> }> {
    const { token_endpoint_auth_method: method, client_secret = '' } = this.information;
    if (method === 'client_secret_post') return { headers: {}, parameters: { client_id: this.id, client_secret } };
    if (method === 'private_key_jwt') {
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      return { headers: {}, parameters: { client_assertion_type, client_assertion: await this.assertion() } };
    }
    const credentials = Buffer.from(`${this.id}:${client_secret}`).toString('base64');
    return { headers: { authorization: `Basic ${credentials}` }, parameters: {} };
  }
}

/** Asks for the claims of the person, with the token in the header. */
export const userinfo = (accessToken: string, init: RequestInit = {}, at = issuer()): Promise<Answer> =>
  send(`${at}/userinfo`, { ...init, headers: { authorization: `Bearer ${accessToken}` } });
