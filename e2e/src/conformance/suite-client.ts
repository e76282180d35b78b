import { Browser, signInAndConsent, stackUrls } from '@trefoil/testing';
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

/** The members of response bodies that the tests read. The endpoint and the status decide which of them are present. */
export interface AnswerBody {
  readonly error: string;
  readonly client_id: string;
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly request_uri: string;
  readonly sub: string;
  readonly name: string;
  readonly jwks_uri: string;
  readonly keys: readonly { readonly kid: string; readonly alg: string }[];
  readonly id_token_signing_alg_values_supported: readonly string[];
  readonly request_uri_parameter_supported: boolean;
}

/** A response. Its body is empty when it is not JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: AnswerBody;
}

/** Sends a request without following redirects. */
export async function send(url: string | URL, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  const body = (isJson ? JSON.parse(text) : {}) as AnswerBody;
  return { status: answer.status, headers: answer.headers, text, body };
}

/** Registers client metadata with the initial access token of the demo. */
export const register = (metadata: object, at = issuer()): Promise<Answer> =>
  send(`${at}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo-initial-access-token' },
    body: JSON.stringify({ client_name: 'Conformance client', redirect_uris: [REDIRECT_URI], ...metadata }),
  });

/** Returns a browser that stops before the redirect URIs of clients. */
export const newBrowser = () =>
  new Browser({ stopAt: [REDIRECT_URI, 'https://rp.example/', 'http://127.0.0.1:49152'] });

/** The key pair of a client. */
export class SuiteKey {
  private constructor(
    readonly publicJwk: JWK,
    private readonly privateKey: CryptoKey,
  ) {}

  /** Generates a key pair for a JOSE signature algorithm. */
  static async generate(alg = 'ES256'): Promise<SuiteKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const kid = randomUUID();
    return new SuiteKey({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }, privateKey);
  }

  /** Returns a signed JWT. */
  sign(claims: JWTPayload, header: object = {}): Promise<string> {
    const { alg = '', kid } = this.publicJwk;
    return new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(this.privateKey);
  }
}

/**
 * A client that is registered for one test. Like the suite of the OpenID Foundation, it uses HTTP directly, and sends
 * only the parameters that a test wants.
 */
export class SuiteClient {
  private constructor(
    /** The client information response of the registration (RFC 7591 §3.2.1). */
    readonly information: Readonly<Record<string, string>>,
    /** The key that signs client assertions and request objects. */
    public key: SuiteKey,
    private readonly issuer: string,
  ) {}

  /** Registers a client with a new key. It throws when the provider refuses the metadata. */
  static async register(metadata: Record<string, unknown> = {}, at = issuer()): Promise<SuiteClient> {
    const key = await SuiteKey.generate();
    const keys =
      metadata.token_endpoint_auth_method === 'private_key_jwt' && !('jwks_uri' in metadata)
        ? { jwks: { keys: [key.publicJwk] } }
        : {};
    const { status, text } = await register({ ...keys, ...metadata }, at);
    if (status !== 201) throw new Error(`The provider refused the registration: ${text}`);
    return new SuiteClient(JSON.parse(text) as Record<string, string>, key, at);
  }

  get id(): string {
    return this.information.client_id ?? '';
  }

  /** Returns an authorization request with `response_type=code`, state and nonce. Undefined removes a parameter. */
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

  /** Signs alice in, and returns the parameters of the authorization response. */
  async authorize(
    parameters: Record<string, string | undefined> = {},
    browser: Browser = newBrowser(),
  ): Promise<URLSearchParams> {
    const page = await signInAndConsent(await browser.open(this.authorizationUrl(parameters)));
    if (page.location?.href.startsWith(String(parameters.redirect_uri ?? REDIRECT_URI)))
      return page.location.searchParams;
    throw new Error(`The provider did not redirect to the client. It shows: ${page.text}`);
  }

  /** Sends a token request with the registered method of client authentication. */
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

  /** Signs alice in, redeems the code, and returns the token response. It throws when there are no tokens. */
  async signIn(parameters: Record<string, string | undefined> = {}, browser?: Browser): Promise<Answer['body']> {
    const { status, body, text } = await this.redeem(await this.authorize(parameters, browser));
    if (status !== 200) throw new Error(`The provider returned no tokens: ${text}`);
    return body;
  }

  /** Verifies an ID token and returns its claims (OpenID Connect Core §3.1.3.7). */
  async idTokenClaims(idToken: string) {
    const verified = await this.signedClaims(idToken);
    for (const name of ['sub', 'exp', 'iat']) if (!(name in verified.payload)) throw new Error(`${name} is missing`);
    return verified;
  }

  /** Verifies a JWT from the issuer to this client, and returns its claims. */
  signedClaims(jwt: string) {
    const keys = createRemoteJWKSet(new URL('/jwks', this.issuer));
    return jwtVerify(jwt, keys, { issuer: this.issuer, audience: this.id });
  }

  /** Returns a client assertion (RFC 7523 §3). The given claims and header parameters replace the valid ones. */
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

/** Requests the claims of the user with the access token in the `Authorization` header. */
export const userinfo = (accessToken: string, init: RequestInit = {}, at = issuer()): Promise<Answer> =>
  send(`${at}/userinfo`, { ...init, headers: { authorization: `Bearer ${accessToken}` } });
