import * as openid from 'openid-client';
import { Browser } from './browser.js';
import { signInAndConsent, type UserAnswers } from './sign-in-and-consent.js';

/** The private key of a client and the key ID under which its public key is registered. */
export interface PrivateKey {
  key: CryptoKey;
  kid: string;
}

/** The settings of a {@link RelyingParty}. */
export interface RelyingPartyOptions {
  issuer: string;
  clientId: string;
  /** Absent for a public client. */
  clientSecret?: string;
  /** Authenticates the client with private_key_jwt (OpenID Connect Core §9), and signs request objects. */
  privateKey?: PrivateKey;
  /** Presents the certificate of the client. With it, the client uses the endpoints for certificates (RFC 8705 §5). */
  certificateFetch?: typeof fetch;
  /** Authenticates the client with its certificate (RFC 8705 §2). */
  tlsAuthentication?: boolean;
  /** Whether tokens are bound to a new DPoP key (RFC 9449). */
  dpop?: boolean;
  /** The browser stops before this URI, so no server has to listen there. */
  redirectUri: string;
  /** The method of client authentication with the secret; client_secret_basic by default. */
  authentication?: (secret: string) => openid.ClientAuth;
}

/** The user who signs in, and the authorization request with which they do. */
export interface SignInOptions extends UserAnswers {
  /** The browser of the user; a new one by default. It must stop at the redirect URI. */
  browser?: Browser;
  scope?: string;
  /** More parameters of the authorization request. */
  parameters?: Record<string, string>;
  /** Whether the authorization request is signed (RFC 9101). */
  signed?: boolean;
  /** Whether the authorization request is pushed (RFC 9126). */
  pushed?: boolean;
}

/** An authorization request, and the values that the client needs to check the response. */
export interface AuthorizationRequest {
  url: URL;
  checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string };
}

/** A successful token response. */
export type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

/**
 * An OpenID Connect client that signs users in through a {@link Browser}. It uses the certified library openid-client.
 */
export class RelyingParty {
  private constructor(
    /** The configuration for direct calls of openid-client. */
    readonly configuration: openid.Configuration,
    readonly redirectUri: string,
    private readonly privateKey?: PrivateKey,
    /** The DPoP key for direct calls of openid-client. */
    readonly dpop?: openid.DPoPHandle,
  ) {}

  /** Reads the metadata of the provider. */
  static async discover(options: RelyingPartyOptions): Promise<RelyingParty> {
    const { issuer, clientId, redirectUri, privateKey, certificateFetch } = options;
    const metadata = { use_mtls_endpoint_aliases: certificateFetch !== undefined };
    const configuration = await openid.discovery(new URL(issuer), clientId, metadata, authenticationOf(options), {
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
      ...(certificateFetch && { [openid.customFetch]: certificateFetch as openid.CustomFetch }),
    });
    const dpop = options.dpop
      ? openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256'))
      : undefined;
    return new RelyingParty(configuration, redirectUri, privateKey, dpop);
  }

  /** Returns a browser that stops before the redirect URI of this client. */
  newBrowser(): Browser {
    return new Browser({ stopAt: this.redirectUri });
  }

  /** Returns an authorization request with PKCE, state and nonce. */
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
    if (!this.privateKey) throw new Error('The client has no key to sign the request with. Set `privateKey`.');
    return (await openid.buildAuthorizationUrlWithJAR(this.configuration, parameters, this.privateKey)).searchParams;
  }

  /** Signs the user in and redeems the authorization code. */
  async signIn(options: SignInOptions): Promise<Tokens> {
    const { callback, checks } = await this.authorize(options);
    return this.redeem(callback, checks);
  }

  /** Answers the pages for sign-in and consent, and returns the URL to which the provider redirects. */
  async authorize(options: SignInOptions): Promise<{ callback: URL; checks: AuthorizationRequest['checks'] }> {
    const { browser = this.newBrowser(), scope = 'openid', parameters } = options;
    const { url, checks } = await this.authorizationRequest({ scope, ...parameters }, options);
    const page = await signInAndConsent(await browser.open(url), options);
    if (page.location?.href.startsWith(this.redirectUri)) return { callback: page.location, checks };
    throw new Error(`The provider did not redirect to ${this.redirectUri}. It shows: ${page.text}`);
  }

  /** Redeems the authorization code in the redirect, after checks of state, issuer and ID token. */
  async redeem(callback: URL, checks: AuthorizationRequest['checks']): Promise<Tokens> {
    const all = { ...checks, idTokenExpected: true };
    return openid.authorizationCodeGrant(this.configuration, callback, all, undefined, { DPoP: this.dpop });
  }

  /** Calls a protected resource with an access token, and with a DPoP proof when tokens are bound to a key. */
  async callResource(accessToken: string, url: string): Promise<Response> {
    const options = { DPoP: this.dpop };
    return openid.fetchProtectedResource(
      this.configuration,
      accessToken,
      new URL(url),
      'GET',
      undefined,
      undefined,
      options,
    );
  }

  /** Requests new tokens with a refresh token. */
  async refresh({ refresh_token = '' }: Pick<Tokens, 'refresh_token'>): Promise<Tokens> {
    return openid.refreshTokenGrant(this.configuration, refresh_token, undefined, { DPoP: this.dpop });
  }
}

function authenticationOf(options: RelyingPartyOptions): openid.ClientAuth {
  const { clientSecret, privateKey, tlsAuthentication, authentication = openid.ClientSecretBasic } = options;
  if (tlsAuthentication) return openid.TlsClientAuth();
  if (privateKey) return openid.PrivateKeyJwt(privateKey);
  return clientSecret === undefined ? openid.None() : authentication(clientSecret);
}
