import type { Browser, Page } from '@trefoil/testing';
import { answerPages } from '../answer-pages.js';
import type { Directives } from './apache-configuration.js';

export const SCOPE = 'openid email profile offline_access';

/** What mod_auth_openidc keeps of a session, by its info hook. */
interface SessionInfo {
  access_token: string;
  refresh_token: string;
  id_token: Record<string, unknown>;
  userinfo: Record<string, unknown>;
}

/** The site that Apache protects, as the provider and the browser know it. */
export class ProtectedSite {
  /** Shows what the application is told. */
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

  /** What mod_auth_openidc is told in any case. */
  get basics(): Directives {
    return {
      OIDCRedirectURI: this.callback,
      OIDCCryptoPassphrase: 'state-cookie-passphrase',
      OIDCInfoHook: 'access_token refresh_token id_token userinfo',
    };
  }

  /** Registers the site as a client, and tells what mod_auth_openidc is told of that. */
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
    if (answer.status !== 201) throw new Error(`Apache was not registered: ${await answer.text()}`);
    const { client_id, client_secret } = (await answer.json()) as { client_id: string; client_secret?: string };
    return { OIDCClientID: client_id, ...(client_secret !== undefined && { OIDCClientSecret: client_secret }) };
  }

  /** What it is told of a client that is registered already; `more` comes last, for the order of directives matters. */
  async registered(metadata: object = {}, more: Directives = {}): Promise<Directives> {
    return this.withCredentials({ ...(await this.register(metadata)) }, more);
  }

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

  async signIn(browser: Browser): Promise<Page> {
    return answerPages(await browser.open(this.claims));
  }

  /** Whether Apache has a session of a browser; it is not followed to the provider. */
  async isSignedIn(browser: Browser): Promise<boolean> {
    return (await browser.open(this.claims, { follow: false })).status === 200;
  }

  async sessionInfo(browser: Browser): Promise<SessionInfo> {
    return (await browser.open(`${this.callback}?info=json`)).json<SessionInfo>();
  }
}

/** What the application was told, by the page that shows it. */
export function environmentOf(page: Page): Record<string, string> {
  const lines = page.body.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}
