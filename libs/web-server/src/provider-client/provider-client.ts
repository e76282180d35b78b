import { Inject, Injectable } from '@nestjs/common';
import * as client from 'openid-client';
import { Apis } from '../apis/apis.js';
import { CONFIG, type WebServerConfig } from '../config.js';
import { WEB_SERVER, type WebServerDescription } from '../description.js';
import type { AccessToken } from './access-token.js';
import { isBrokenConnection, providerUnavailable, toRefreshError, toSignInError } from './provider-errors.js';
import { ProviderMetadata } from './provider-metadata.js';

/** The scopes of OpenID Connect for the name and the address of the user. */
const OPENID_SCOPES = ['openid', 'profile', 'email'];
const DEFAULT_LIFETIME_SECONDS = 300;

/** The random values of one sign-in, checked against the authorization response. They stay on this server. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** An access token for one API, and the refresh token for all. */
export interface Tokens {
  readonly accessToken: AccessToken;
  /** Absent when the previous refresh token stays valid. */
  readonly refreshToken?: string;
}

/** The claims of the ID token that a session needs, and the tokens for the first API. */
export interface SignedIn extends Tokens {
  readonly sub: string;
  readonly sid?: string;
  readonly name?: string;
  /** The `iat` of the ID token, in seconds since 1970. */
  readonly issuedAt: number;
  /** The ID token, where the sign-out needs it. */
  readonly idToken?: string;
}

type Settings =
  | 'PUBLIC_URL'
  | 'RESOURCE_PARAMETER'
  | 'SIGN_IN_SCOPE'
  | 'SIGN_IN_PROMPT'
  | 'SIGN_IN_ACR_VALUES'
  | 'SIGN_IN_MAX_AGE'
  | 'SIGN_OUT_HINT';

/**
 * Calls the provider as a confidential client with authorization code and PKCE (OAuth 2.1 §4.1, OpenID Connect Core
 * §3.1).
 */
@Injectable()
export class ProviderClient {
  constructor(
    private readonly metadata: ProviderMetadata,
    private readonly apis: Apis,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, Settings>,
    @Inject(WEB_SERVER) private readonly server: Pick<WebServerDescription, 'claims' | 'scopes'>,
  ) {}

  /**
   * Returns the URL of an authorization request for the scopes and the resource servers of all APIs (RFC 8707 §2.1).
   *
   * @param loginHint The user who is expected to sign in, as named by the site that asks for the sign-in (OpenID Connect
   * Core §4).
   * @throws DependencyUnavailableError
   */
  async authorizationUrl({ state, nonce, codeVerifier }: SignInSecrets, loginHint?: string): Promise<URL> {
    const { signIn } = await this.metadata.fresh();
    const { PUBLIC_URL, RESOURCE_PARAMETER, SIGN_IN_SCOPE, SIGN_IN_PROMPT, SIGN_IN_ACR_VALUES, SIGN_IN_MAX_AGE } =
      this.config;
    const { scopes = [], claims } = this.server;
    const parameters = new URLSearchParams({
      redirect_uri: `${PUBLIC_URL}/callback`,
      scope: SIGN_IN_SCOPE ?? [...OPENID_SCOPES, ...scopes, ...this.apis.scopes].join(' '),
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(loginHint !== undefined && { login_hint: loginHint }),
      ...(SIGN_IN_PROMPT !== undefined && { prompt: SIGN_IN_PROMPT }),
      ...(SIGN_IN_ACR_VALUES !== undefined && { acr_values: SIGN_IN_ACR_VALUES }),
      ...(SIGN_IN_MAX_AGE !== undefined && { max_age: String(SIGN_IN_MAX_AGE) }),
      ...(claims !== undefined &&
        signIn.serverMetadata().claims_parameter_supported && { claims: JSON.stringify(claims) }),
    });
    if (RESOURCE_PARAMETER !== 'none') {
      for (const resource of this.apis.resources) parameters.append(RESOURCE_PARAMETER, resource);
    }
    return client.buildAuthorizationUrl(signIn, parameters);
  }

  /**
   * Checks `iss` and `state` of an authorization response, redeems its code, and checks the ID token with its `nonce`.
   *
   * @param callback The URL at which the browser arrived, with the authorization response in its query.
   * @throws SignInRefusedError
   * @throws DependencyUnavailableError
   */
  async redeemCode(callback: URL, { state, nonce, codeVerifier }: SignInSecrets): Promise<SignedIn> {
    const { signIn } = await this.metadata.cached();
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
      ...(this.config.SIGN_IN_MAX_AGE !== undefined && { maxAge: this.config.SIGN_IN_MAX_AGE }),
    };
    const answer = await client
      .authorizationCodeGrant(signIn, callback, checks, this.target(this.apis.first.resource))
      .catch((error: unknown) => {
        throw toSignInError(error);
      });
    const claims = answer.claims();
    if (!claims) throw new Error('the token response has no ID token');
    const { sub, iat: issuedAt } = claims;
    const idToken = this.config.SIGN_OUT_HINT === 'id_token_hint' ? answer.id_token : undefined;
    return {
      sub,
      sid: textOf(claims.sid),
      name: textOf(claims.name),
      issuedAt,
      ...(idToken !== undefined && { idToken }),
      ...tokensIn(answer),
    };
  }

  /**
   * Exchanges a refresh token for an access token of one API and the next refresh token.
   *
   * @throws RefreshRefusedError on `invalid_grant` only.
   * @throws ApiNotGrantedError when the grant does not include the API.
   * @throws DependencyUnavailableError on every other failure.
   */
  async refresh(refreshToken: string, resource: string): Promise<Tokens> {
    const { refresh } = await this.metadata.cached();
    const grant = () => client.refreshTokenGrant(refresh, refreshToken, this.target(resource));
    try {
      return tokensIn(await retryBrokenConnection(grant));
    } catch (error) {
      throw toRefreshError(error);
    }
  }

  /**
   * Revokes a refresh token with all tokens of its grant (RFC 7009 §2.1). A provider without a revocation endpoint ends them
   * with its session.
   *
   * @throws DependencyUnavailableError
   */
  async revoke(refreshToken: string): Promise<void> {
    const { refresh } = await this.metadata.cached();
    if (!refresh.serverMetadata().revocation_endpoint) return;
    await client
      .tokenRevocation(refresh, refreshToken, { token_type_hint: 'refresh_token' })
      .catch((error: unknown) => {
        throw providerUnavailable(error);
      });
  }

  /**
   * Returns the URL at which a browser ends its session at the provider. With a `sid` or an ID token the provider knows the
   * session and asks for no confirmation (OpenID Connect RP-Initiated Logout 1.0 §2).
   *
   * @throws DependencyUnavailableError
   */
  async endSessionUrl({ sid, idToken }: { sid?: string | undefined; idToken?: string | undefined } = {}): Promise<URL> {
    const { signIn } = await this.metadata.fresh();
    if (!signIn.serverMetadata().end_session_endpoint) throw providerUnavailable(new Error('no end_session_endpoint'));
    return client.buildEndSessionUrl(signIn, {
      post_logout_redirect_uri: `${this.config.PUBLIC_URL}/`,
      ...(idToken !== undefined && { id_token_hint: idToken }),
      ...(idToken === undefined && sid !== undefined && { logout_hint: sid }),
    });
  }

  /** Returns the parameter that names an API in a token request. */
  private target(resource: string): Record<string, string> {
    const { RESOURCE_PARAMETER } = this.config;
    return RESOURCE_PARAMETER === 'none' ? {} : { [RESOURCE_PARAMETER]: resource };
  }
}

/**
 * Sends a refresh a second time when the connection broke. The refresh token may have been used already; the provider
 * answers a retry within a few seconds with the same successor.
 */
async function retryBrokenConnection<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (isBrokenConnection(error)) return request();
    throw error;
  }
}

function tokensIn(answer: Awaited<ReturnType<typeof client.refreshTokenGrant>>): Tokens {
  const lifetime = answer.expires_in ?? DEFAULT_LIFETIME_SECONDS;
  return {
    accessToken: { value: answer.access_token, expiresAt: Math.floor(Date.now() / 1000 + lifetime), lifetime },
    ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
  };
}

const textOf = (claim: unknown): string | undefined => (typeof claim === 'string' && claim !== '' ? claim : undefined);
