import { type Browser, type Page, signInAndConsent } from '@trefoil/testing';
import type { Directives } from './apache-configuration.js';

export const SCOPE = 'openid email profile offline_access';

/** The content of a session, as the info hook of mod_auth_openidc shows it. */
interface SessionInfo {
  access_token: string;
  refresh_token: string;
  id_token: Record<string, unknown>;
  userinfo: Record<string, unknown>;
}

/** The site that Apache protects: its URLs and its registration at the provider. */
export class ProtectedSite {
  /** The page that shows the claims that the application receives. */
  readonly claims: string;
  readonly callback: string;
  readonly signedOut: string;

  constructor(
    readonly provider: string,
    origin: string,
  ) {
    this.claims = `${origin}/protected/claims`;
    this.callback = `${origin}/protected/callback`;
    this.signedOut = `${origin}/signed-out`;
  }

  /** Returns the directives that every test needs. */
  get basics(): Directives {
    return {
      OIDCRedirectURI: this.callback,
      OIDCCryptoPassphrase: 'state-cookie-passphrase',
      OIDCInfoHook: 'access_token refresh_token id_token userinfo',
    };
  }

  /** Registers the site as a client, and returns the directives with its credentials. */
  async register(metadata: object = {}): Promise<{ OIDCClientID: string; OIDCClientSecret?: string }> {
    const answer = await fetch(`${this.provider}/register`, {
      method: 'POST',
      headers: { authorization: 'Bearer demo-initial-access-token', 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [this.callback],
        grant_types: ['authorization_code', 'refresh_token'],
        post_logout_redirect_uris: [this.signedOut],
        ...metadata,
      }),
    });
    if (answer.status !== 201) throw new Error(`The provider refused to register Apache: ${await answer.text()}`);
    const { client_id, client_secret } = (await answer.json()) as { client_id: string; client_secret?: string };
    return { OIDCClientID: client_id, ...(client_secret !== undefined && { OIDCClientSecret: client_secret }) };
  }

  /** Registers the site as a client, and returns all directives. `more` comes last, because later directives win. */
  async registered(metadata: object = {}, more: Directives = {}): Promise<Directives> {
    return this.withCredentials({ ...(await this.register(metadata)) }, more);
  }

  /** Returns all directives for a registered client. `more` comes last, because later directives win. */
  withCredentials(credentials: Directives, more: Directives = {}): Directives {
    return {
      ...this.basics,
      OIDCProviderMetadataURL: `${this.provider}/.well-known/openid-configuration`,
      OIDCScope: `"${SCOPE}"`,
      OIDCPKCEMethod: 'S256',
      ...credentials,
      ...more,
    };
  }

  /** Signs alice in, and returns the page with the claims. */
  async signIn(browser: Browser): Promise<Page> {
    return signInAndConsent(await browser.open(this.claims));
  }

  /** Returns whether Apache has a session for a browser. */
  async isSignedIn(browser: Browser): Promise<boolean> {
    return (await browser.open(this.claims, { follow: false })).status === 200;
  }

  /** Returns the tokens and claims in the session of a browser. */
  async sessionInfo(browser: Browser): Promise<SessionInfo> {
    return (await browser.open(`${this.callback}?info=json`)).json<SessionInfo>();
  }
}

/** Returns the environment variables of the application from the page that prints them. */
export function environmentOf(page: Page): Record<string, string> {
  const lines = page.body.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}
