import { Inject, Injectable } from '@nestjs/common';
import * as client from 'openid-client';
import { CONFIG, type FrontendConfig } from '../config.js';
import {
  isBrokenConnection,
  isInvalidGrant,
  providerUnavailable,
  RefreshRefusedError,
  signInErrorOf,
} from './provider-errors.js';
import { ProviderMetadata } from './provider-metadata.js';

const SCOPE = 'openid profile email account:read contacts:read contacts:write';
const DEFAULT_LIFETIME_SECONDS = 300;

/** What a sign-in must come back with; never leaves this server. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Tokens for the backend; times are seconds since 1970. */
export interface Tokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: number;
  /** In seconds. */
  readonly accessTokenLifetime: number;
  /** Absent when the earlier one stays in use. */
  readonly refreshToken?: string;
}

/** Who signed in, and the tokens to act for them. */
export interface SignedIn extends Tokens {
  readonly sub: string;
  readonly sid?: string;
  readonly name?: string;
}

/** The provider, as a confidential client with PKCE uses it (OAuth 2.1 §4.1, OpenID Connect Core §3.1). */
@Injectable()
export class Provider {
  constructor(
    private readonly metadata: ProviderMetadata,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'PUBLIC_URL' | 'BACKEND_URL' | 'CLIENT_ID'>,
  ) {}

  /**
   * Where to send a browser to sign in.
   *
   * @param loginHint who is likely to sign in, as whoever sent the browser here said (OpenID Connect Core §4).
   * @throws DependencyUnavailableError
   */
  async signInUrl({ state, nonce, codeVerifier }: SignInSecrets, loginHint?: string): Promise<URL> {
    const { signIn } = await this.metadata.fresh();
    return client.buildAuthorizationUrl(signIn, {
      redirect_uri: `${this.config.PUBLIC_URL}/callback`,
      scope: SCOPE,
      resource: this.config.BACKEND_URL,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(loginHint !== undefined && { login_hint: loginHint }),
    });
  }

  /**
   * Redeems the code of an authorization response, whose `iss`, `state`, `nonce` and ID token are checked.
   *
   * @throws SignInRefusedError
   * @throws DependencyUnavailableError
   */
  async redeem(callback: URL, { state, nonce, codeVerifier }: SignInSecrets): Promise<SignedIn> {
    const { signIn } = await this.metadata.any();
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    };
    const answer = await client
      .authorizationCodeGrant(signIn, callback, checks, { resource: this.config.BACKEND_URL })
      .catch((error: unknown) => {
        throw signInErrorOf(error);
      });
    const claims = answer.claims();
    if (!claims) throw new Error('an ID token was expected');
    return { sub: claims.sub, sid: text(claims.sid), name: text(claims.name), ...tokensOf(answer) };
  }

  /**
   * Gets new tokens for a refresh token.
   *
   * @throws RefreshRefusedError on `invalid_grant` only.
   * @throws DependencyUnavailableError on everything else.
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const { refresh } = await this.metadata.any();
    const grant = () => client.refreshTokenGrant(refresh, refreshToken, { resource: this.config.BACKEND_URL });
    try {
      return tokensOf(await onceMoreIfBroken(grant));
    } catch (error) {
      throw isInvalidGrant(error)
        ? new RefreshRefusedError('invalid_grant', { cause: error })
        : providerUnavailable(error);
    }
  }

  /**
   * Where to send a browser to end its session at the provider, which asks nobody when it knows the session from `sid`
   * (OpenID Connect RP-Initiated Logout 1.0 §2).
   *
   * @throws DependencyUnavailableError
   */
  async endSessionUrl(sid: string | undefined): Promise<URL> {
    const { signIn } = await this.metadata.fresh();
    if (!signIn.serverMetadata().end_session_endpoint) throw providerUnavailable(new Error('no end_session_endpoint'));
    return client.buildEndSessionUrl(signIn, {
      post_logout_redirect_uri: `${this.config.PUBLIC_URL}/`,
      ...(sid !== undefined && { logout_hint: sid }),
    });
  }
}

/** Whether a broken connection spent the token is unknown; the provider answers a quick retry with the same successor. */
async function onceMoreIfBroken<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (isBrokenConnection(error)) return request();
    throw error;
  }
}

function tokensOf(answer: Awaited<ReturnType<typeof client.refreshTokenGrant>>): Tokens {
  const lifetime = answer.expires_in ?? DEFAULT_LIFETIME_SECONDS;
  return {
    accessToken: answer.access_token,
    accessTokenExpiresAt: Math.floor(Date.now() / 1000 + lifetime),
    accessTokenLifetime: lifetime,
    ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
  };
}

const text = (claim: unknown): string | undefined => (typeof claim === 'string' && claim !== '' ? claim : undefined);
