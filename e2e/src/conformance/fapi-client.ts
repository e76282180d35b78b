import { DpopKey, signInAndConsent } from '@trefoil/testing';
import { createHash, randomUUID } from 'node:crypto';
import { type Answer, issuer, newBrowser, REDIRECT_URI, send, SuiteClient } from './suite-client.js';

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

/** Parameters that replace the default ones. Undefined removes a parameter. */
export type Overrides = Readonly<Record<string, string | undefined>>;

/** A client with the FAPI 2.0 security profile: private_key_jwt, pushed requests and tokens bound to a DPoP key. */
export class FapiClient {
  private constructor(
    readonly client: SuiteClient,
    readonly dpop: DpopKey,
  ) {}

  /** Registers a new client with its own keys. */
  static async register(metadata: Record<string, unknown> = {}): Promise<FapiClient> {
    const client = await SuiteClient.register({
      security_profile: 'fapi2',
      token_endpoint_auth_method: 'private_key_jwt',
      dpop_bound_access_tokens: true,
      id_token_signed_response_alg: 'PS256',
      ...metadata,
    });
    return new FapiClient(client, await DpopKey.generate());
  }

  /** Returns the parameters of an authorization request. */
  parameters(overrides: Overrides = {}): Record<string, string> {
    const all = {
      client_id: this.client.id,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      state: randomUUID(),
      nonce: randomUUID(),
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
      ...overrides,
    };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** Pushes an authorization request (RFC 9126 §2.1). `assertion` replaces the valid client assertion. */
  async push(
    parameters: Record<string, string>,
    { assertion, headers }: { assertion?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const authentication = await this.authentication(assertion);
    const body = new URLSearchParams({ ...parameters, ...authentication });
    return send(`${issuer()}/par`, { method: 'POST', headers, body });
  }

  /** Returns a request object with the parameters (RFC 9101 §4, FAPI 2.0 Message Signing §5.3.1). */
  sign(parameters: Record<string, string>, claims: Record<string, unknown> = {}, header: object = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.client.id, aud: issuer(), nbf: now, exp: now + 300 };
    return this.client.key.sign({ ...usual, ...parameters, ...claims }, { typ: 'oauth-authz-req+jwt', ...header });
  }

  /** Returns the URL of an authorization request that was pushed. */
  authorizationUrl(requestUri: string): URL {
    const url = new URL('/authorize', issuer());
    url.search = new URLSearchParams({ client_id: this.client.id, request_uri: requestUri }).toString();
    return url;
  }

  /** Pushes a request, signs alice in, and returns the parameters of the authorization response. */
  async authorize(overrides: Overrides = {}, headers?: Record<string, string>): Promise<URLSearchParams> {
    const { body } = await this.push(this.parameters(overrides), headers ? { headers } : {});
    const page = await signInAndConsent(await newBrowser().open(this.authorizationUrl(body.request_uri)));
    if (!page.location) throw new Error(`The provider did not redirect to the client. It shows: ${page.text}`);
    return page.location.searchParams;
  }

  /** Sends a token request with a DPoP proof. `proof` replaces the valid proof; null sends no proof. */
  async token(
    parameters: Record<string, string>,
    { proof, assertion, dpop = this.dpop }: { proof?: string | null; assertion?: string; dpop?: DpopKey } = {},
  ): Promise<Answer> {
    const url = `${issuer()}/token`;
    const sent = proof === undefined ? await dpop.proof({ url }) : proof;
    const body = new URLSearchParams({ ...parameters, ...(await this.authentication(assertion)) });
    return send(url, { method: 'POST', headers: sent === null ? {} : { dpop: sent }, body });
  }

  /** Redeems the code of an authorization response. */
  redeem(
    response: URLSearchParams,
    options: Parameters<FapiClient['token']>[1] = {},
    overrides: Overrides = {},
  ): Promise<Answer> {
    const all = {
      grant_type: 'authorization_code',
      code: response.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
      code_verifier: VERIFIER,
      ...overrides,
    };
    const parameters = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return this.token(Object.fromEntries(parameters), options);
  }

  /** Requests the claims of the user with a DPoP-bound access token. */
  async userinfo(accessToken: string, scheme = 'DPoP'): Promise<Answer> {
    const url = `${issuer()}/userinfo`;
    const proof = await this.dpop.proof({ method: 'GET', url, accessToken });
    return send(url, { headers: { authorization: `${scheme} ${accessToken}`, dpop: proof } });
  }

  private async authentication(assertion?: string): Promise<Record<string, string>> {
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion ?? (await this.client.assertion()),
    };
  }
}
