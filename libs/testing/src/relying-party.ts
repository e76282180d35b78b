import * as openid from 'openid-client';
import { Browser } from './browser.js';
import type { Page } from './page.js';

/** The key of a client and the name it is registered under. */
export interface PrivateKey {
  key: CryptoKey;
  kid: string;
}

export interface RelyingPartyOptions {
  issuer: string;
  clientId: string;
  /** None for a public client. */
  clientSecret?: string;
  /** Authenticates with it by private_key_jwt (OpenID Connect Core §9), and can sign requests. */
  privateKey?: PrivateKey;
  /** Binds its tokens to a key of its own (RFC 9449). */
  dpop?: boolean;
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
  /** Signs the authorization request (RFC 9101). */
  signed?: boolean;
  /** Pushes it, instead of sending it through the browser (RFC 9126). */
  pushed?: boolean;
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
    private readonly privateKey?: PrivateKey,
    /** The key that tokens are bound to, for calls that this class does not wrap. */
    readonly dpop?: openid.DPoPHandle,
  ) {}

  static async discover(options: RelyingPartyOptions): Promise<RelyingParty> {
    const { issuer, clientId, redirectUri, privateKey } = options;
    const configuration = await openid.discovery(new URL(issuer), clientId, undefined, authenticationOf(options), {
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
    });
    const dpop = options.dpop
      ? openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256'))
      : undefined;
    return new RelyingParty(configuration, redirectUri, privateKey, dpop);
  }

  /** A browser that stops where the provider hands over to this client. */
  newBrowser(): Browser {
    return new Browser({ stopAt: this.redirectUri });
  }

  /** Makes an authorization request with PKCE, state and nonce. */
  async authorizationRequest(
    parameters: Record<string, string> = {},
    { signed = false, pushed = false }: Pick<SignInOptions, 'signed' | 'pushed'> = {},
  ): Promise<AuthorizationRequest> {
    const checks = {
      pkceCodeVerifier: openid.randomPKCECodeVerifier(),
      expectedState: openid.randomState(),
      expectedNonce: openid.randomNonce(),
    };
    const plain = {
      redirect_uri: this.redirectUri,
      scope: 'openid',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...parameters,
    };
    const request = signed ? await this.sign(plain) : new URLSearchParams(plain);
    const url = pushed
      ? await openid.buildAuthorizationUrlWithPAR(this.configuration, request, { DPoP: this.dpop })
      : openid.buildAuthorizationUrl(this.configuration, request);
    return { url, checks };
  }

  private async sign(parameters: Record<string, string>): Promise<URLSearchParams> {
    if (!this.privateKey) throw new Error('a client without a key cannot sign its requests');
    return (await openid.buildAuthorizationUrlWithJAR(this.configuration, parameters, this.privateKey)).searchParams;
  }

  /** Signs a person in and redeems the code. */
  async signIn(options: SignInOptions): Promise<Tokens> {
    const { callback, checks } = await this.authorize(options);
    return this.redeem(callback, checks);
  }

  /** Goes through sign-in and consent, as far as they are asked for, up to the address the provider sends back to. */
  async authorize(options: SignInOptions): Promise<{ callback: URL; checks: AuthorizationRequest['checks'] }> {
    const { browser = this.newBrowser(), scope = 'openid', parameters } = options;
    const { url, checks } = await this.authorizationRequest({ scope, ...parameters }, options);
    let page = await browser.open(url);
    for (let asked = 0; asked < 3 && !this.isCallback(page.location); asked += 1) page = await answer(page, options);
    if (page.location && this.isCallback(page.location)) return { callback: page.location, checks };
    throw new Error(`The provider did not send back to ${this.redirectUri}. It shows: ${page.text}`);
  }

  /** Redeems the code in the address the provider sent back to; state, issuer and ID token are checked on the way. */
  async redeem(callback: URL, checks: AuthorizationRequest['checks']): Promise<Tokens> {
    const all = { ...checks, idTokenExpected: true };
    return openid.authorizationCodeGrant(this.configuration, callback, all, undefined, { DPoP: this.dpop });
  }

  /** Refreshes tokens. */
  async refresh({ refresh_token = '' }: Pick<Tokens, 'refresh_token'>): Promise<Tokens> {
    return openid.refreshTokenGrant(this.configuration, refresh_token, undefined, { DPoP: this.dpop });
  }

  private isCallback(url: URL | undefined): boolean {
    return url?.href.startsWith(this.redirectUri) ?? false;
  }
}

function authenticationOf(options: RelyingPartyOptions): openid.ClientAuth {
  const { clientSecret, privateKey, authentication = openid.ClientSecretBasic } = options;
  if (privateKey) return openid.PrivateKeyJwt(privateKey);
  return clientSecret === undefined ? openid.None() : authentication(clientSecret);
}

async function answer(page: Page, { username, password, consent = 'allow' }: SignInOptions): Promise<Page> {
  if (page.has('#login')) return page.submit('#login', { username, password });
  return page.submit(`#${consent}`);
}
