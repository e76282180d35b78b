import * as openid from 'openid-client';
import { Browser } from './browser.js';
import type { Page } from './page.js';

export interface RelyingPartyOptions {
  issuer: string;
  clientId: string;
  /** None for a public client. */
  clientSecret?: string;
  /** Nobody needs to listen there: the browser stops at it. */
  redirectUri: string;
  /** How the secret is sent; client_secret_basic unless said otherwise. */
  authentication?: (secret: string) => openid.ClientAuth;
}

export interface SignInOptions {
  username: string;
  password: string;
  /** Keeps its session for the next sign-in; a new one unless given. It must stop at the redirect URI. */
  browser?: Browser;
  scope?: string;
  /** What to press on the consent page, when there is one. */
  consent?: 'allow' | 'deny';
  /** Further parameters of the authorization request. */
  parameters?: Record<string, string>;
}

/** An authorization request, and what its client has to remember until the answer comes. */
export interface AuthorizationRequest {
  url: URL;
  checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string };
}

export type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

/** A client of a provider, by the certified openid-client, that signs people in through a {@link Browser}. */
export class RelyingParty {
  private constructor(
    /** For the calls of openid-client that this class does not wrap. */
    readonly configuration: openid.Configuration,
    readonly redirectUri: string,
  ) {}

  static async discover(options: RelyingPartyOptions): Promise<RelyingParty> {
    const { issuer, clientId, clientSecret, redirectUri, authentication = openid.ClientSecretBasic } = options;
    const configuration = await openid.discovery(
      new URL(issuer),
      clientId,
      undefined,
      clientSecret === undefined ? openid.None() : authentication(clientSecret),
      { execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [] },
    );
    return new RelyingParty(configuration, redirectUri);
  }

  /** A browser that stops where the provider hands over to this client. */
  newBrowser(): Browser {
    return new Browser({ stopAt: this.redirectUri });
  }

  /** Makes an authorization request with PKCE, state and nonce. */
  async authorizationRequest(parameters: Record<string, string> = {}): Promise<AuthorizationRequest> {
    const checks = {
      pkceCodeVerifier: openid.randomPKCECodeVerifier(),
      expectedState: openid.randomState(),
      expectedNonce: openid.randomNonce(),
    };
    const url = openid.buildAuthorizationUrl(this.configuration, {
      redirect_uri: this.redirectUri,
      scope: 'openid',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...parameters,
    });
    return { url, checks };
  }

  /** Signs a person in and redeems the code. */
  async signIn(options: SignInOptions): Promise<Tokens> {
    const { callback, checks } = await this.authorize(options);
    return this.redeem(callback, checks);
  }

  /** Goes through sign-in and consent, as far as they are asked for, up to the address the provider sends back to. */
  async authorize(options: SignInOptions): Promise<{ callback: URL; checks: AuthorizationRequest['checks'] }> {
    const { browser = this.newBrowser(), scope = 'openid', parameters } = options;
    const { url, checks } = await this.authorizationRequest({ scope, ...parameters });
    let page = await browser.open(url);
    for (let asked = 0; asked < 3 && !this.isCallback(page.location); asked += 1) page = await answer(page, options);
    if (page.location && this.isCallback(page.location)) return { callback: page.location, checks };
    throw new Error(`The provider did not send back to ${this.redirectUri}. It shows: ${page.text}`);
  }

  /** Redeems the code in the address the provider sent back to; state, issuer and ID token are checked on the way. */
  async redeem(callback: URL, checks: AuthorizationRequest['checks']): Promise<Tokens> {
    return openid.authorizationCodeGrant(this.configuration, callback, { ...checks, idTokenExpected: true });
  }

  private isCallback(url: URL | undefined): boolean {
    return url?.href.startsWith(this.redirectUri) ?? false;
  }
}

async function answer(page: Page, { username, password, consent = 'allow' }: SignInOptions): Promise<Page> {
  if (page.has('#login')) return page.submit('#login', { username, password });
  return page.submit(`#${consent}`);
}
