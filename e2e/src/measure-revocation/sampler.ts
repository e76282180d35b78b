import type { Stack } from '@trefoil/local-stack';
import { type Browser, demoClients, demoUsers, RelyingParty, type Tokens } from '@trefoil/testing';
import { tokenRevocation } from 'openid-client';

const PATIENCE_MILLISECONDS = 30_000;

/** Revokes tokens at the provider and watches the backend, as the demo frontend and a user of it. */
export class Sampler {
  private constructor(
    private readonly urls: Stack['urls'],
    private readonly client: RelyingParty,
    private readonly browser: Browser,
    private tokens: Tokens,
  ) {}

  static async start({ urls }: Pick<Stack, 'urls'>): Promise<Sampler> {
    const redirectUri = `${urls.frontend}/callback`;
    const client = await RelyingParty.discover({ issuer: urls.provider, ...demoClients.frontend, redirectUri });
    const browser = client.newBrowser();
    return new Sampler(urls, client, browser, await signIn(client, browser, urls));
  }

  /** From the answer to the revocation of an access token to the first refusal of it, in milliseconds. */
  async accessToken(): Promise<number> {
    this.tokens = await this.client.refresh(this.tokens);
    const { access_token } = this.tokens;
    return this.measure(access_token, access_token);
  }

  /** From the answer to the revocation of a refresh token, and so of its grant, to the first refusal of an access token. */
  async grant(): Promise<number> {
    const { access_token, refresh_token = '' } = await signIn(this.client, this.browser, this.urls);
    return this.measure(access_token, refresh_token);
  }

  /** An access token that nobody revokes. */
  async lastingToken(): Promise<string> {
    return (await signIn(this.client, this.browser, this.urls)).access_token;
  }

  private async measure(accessToken: string, revoked: string): Promise<number> {
    const before = await this.statusFor(accessToken);
    if (before !== 200) throw new Error(`a good token is answered ${before}`);
    await tokenRevocation(this.client.configuration, revoked);
    const start = performance.now();
    while ((await this.statusFor(accessToken)) !== 401) {
      if (performance.now() - start > PATIENCE_MILLISECONDS) throw new Error('the token is never refused');
    }
    return performance.now() - start;
  }

  private async statusFor(accessToken: string): Promise<number> {
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await fetch(`${this.urls.backend}/v1/contacts?limit=1`, { headers });
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
