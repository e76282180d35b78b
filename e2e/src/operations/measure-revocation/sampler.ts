import type { Stack } from '@trefoil/local-stack';
import { type Browser, demoUsers, RelyingParty, type Tokens } from '@trefoil/testing';
import { tokenRevocation } from 'openid-client';
import { asApp, fetchAs } from '../../clients/app-certificate.js';

const TIMEOUT_MILLISECONDS = 30_000;

/** Revokes tokens at the provider, and measures when the backend refuses them. It acts as the frontend and as alice. */
export class Sampler {
  private constructor(
    private readonly urls: Stack['urls'],
    readonly contacts: (accessToken: string) => Promise<Response>,
    private readonly client: RelyingParty,
    private readonly browser: Browser,
    private tokens: Tokens,
  ) {}

  /** Signs alice in and returns a sampler. */
  static async start(stack: Pick<Stack, 'urls' | 'mtlsUrls' | 'pki'>): Promise<Sampler> {
    const { urls, mtlsUrls } = stack;
    const redirectUri = `${urls.frontend}/callback`;
    const client = await RelyingParty.discover({ issuer: urls.provider, ...asApp(stack, 'frontend'), redirectUri });
    const browser = client.newBrowser();
    const asFrontend = fetchAs(stack, 'frontend');
    const contacts = (accessToken: string) =>
      asFrontend(`${mtlsUrls.backend}/v1/contacts?limit=1`, { headers: { authorization: `Bearer ${accessToken}` } });
    return new Sampler(urls, contacts, client, browser, await signIn(client, browser, urls));
  }

  /** Returns the time from the revocation of an access token to its first refusal, in milliseconds. */
  async accessToken(): Promise<number> {
    this.tokens = await this.client.refresh(this.tokens);
    const { access_token } = this.tokens;
    return this.measure(access_token, access_token);
  }

  /**
   * Returns the time from the revocation of a grant, by its refresh token, to the first refusal of its access token.
   */
  async grant(): Promise<number> {
    const { access_token, refresh_token = '' } = await signIn(this.client, this.browser, this.urls);
    return this.measure(access_token, refresh_token);
  }

  /** Returns an access token that is not revoked. */
  async lastingToken(): Promise<string> {
    return (await signIn(this.client, this.browser, this.urls)).access_token;
  }

  private async measure(accessToken: string, revoked: string): Promise<number> {
    const before = await this.statusFor(accessToken);
    if (before !== 200) throw new Error(`The backend responded ${before} to a valid token.`);
    await tokenRevocation(this.client.configuration, revoked);
    const start = performance.now();
    while ((await this.statusFor(accessToken)) !== 401) {
      if (performance.now() - start > TIMEOUT_MILLISECONDS)
        throw new Error(`The backend still accepts the revoked token after ${TIMEOUT_MILLISECONDS} ms.`);
    }
    return performance.now() - start;
  }

  private async statusFor(accessToken: string): Promise<number> {
    const answer = await this.contacts(accessToken);
    await answer.arrayBuffer();
    return answer.status;
  }
}

const signIn = (client: RelyingParty, browser: Browser, { backend }: Stack['urls']): Promise<Tokens> =>
  client.signIn({
    ...demoUsers.alice,
    browser,
    scope: 'openid contacts:read contacts:write',
    parameters: { resource: backend },
  });
