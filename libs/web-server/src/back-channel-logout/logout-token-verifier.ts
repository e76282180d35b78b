import { Inject, Injectable } from '@nestjs/common';
import { invalidRequest, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { CONFIG, type WebServerConfig } from '../config.js';
import { STATE_STORE } from '../database/state-store.js';
import { providerUnavailable } from '../provider-client/provider-errors.js';
import { ProviderMetadata } from '../provider-client/provider-metadata.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const LOGOUT_TOKEN = 'logout+jwt';
/** The types of a JWT whose header does not say what it is for. Its claims then must (OpenID Connect Back-Channel Logout §2.4). */
const UNTYPED: readonly (string | undefined)[] = [undefined, 'JWT'];
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
const TIMEOUT_MILLISECONDS = 2000;
/** The largest accepted difference between the clocks of the two servers. */
const SKEW_SECONDS = 30;
/** A used token is remembered until it expires, so its lifetime must be bounded. */
const MAX_LIFETIME_SECONDS = 600;

const Claims = z
  .object({
    iat: z.number(),
    exp: z.number(),
    jti: z.string().min(1),
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
    nonce: z.never('must not be there').optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, 'sub and sid are missing');

/** The sessions to end: those of one session at the provider, or all sessions of a user. */
export type LogoutTarget = ({ readonly sid: string } | { readonly sub: string }) & {
  /** The `iat` of the logout token, in whole seconds since 1970. */
  readonly issuedAt: number;
};

/** Verifies the logout tokens of the provider (OpenID Connect Back-Channel Logout §2.6). */
@Injectable()
export class LogoutTokenVerifier {
  private keySet: { readonly uri: string; readonly keys: JWTVerifyGetKey } | undefined;

  constructor(
    private readonly metadata: ProviderMetadata,
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'ISSUER' | 'CLIENT_ID' | 'LOGOUT_TOKEN_TYPE'>,
  ) {}

  /**
   * Verifies a logout token and returns the sessions to end. A second use of the same token is refused.
   *
   * @throws OAuthError `invalid_request` with the reason.
   * @throws DependencyUnavailableError when the keys of the provider cannot be read.
   */
  async verify(logoutToken: string): Promise<LogoutTarget> {
    const { jti, iat, exp, sid, sub } = claimsIn(await this.verifySignature(logoutToken));
    const secondsLeft = exp - Math.floor(Date.now() / 1000);
    if (secondsLeft > MAX_LIFETIME_SECONDS) throw invalidRequest('logout_token expires too late (exp)');
    const key = `logout-token:${sha256(jti).toString('base64url')}`;
    const isFirst = await this.store.setIfAbsent(key, true, Math.max(0, secondsLeft) + 2 * SKEW_SECONDS);
    if (!isFirst) throw invalidRequest('logout_token was used before (jti)');
    const issuedAt = Math.floor(iat);
    return sid !== undefined ? { sid, issuedAt } : { sub: sub ?? '', issuedAt };
  }

  private async verifySignature(logoutToken: string): Promise<unknown> {
    const keys = await this.keys();
    try {
      const { payload, protectedHeader } = await jwtVerify(logoutToken, keys, {
        issuer: this.config.ISSUER,
        audience: this.config.CLIENT_ID,
        ...(this.config.LOGOUT_TOKEN_TYPE === 'required' && { typ: LOGOUT_TOKEN }),
        algorithms: ALGORITHMS,
        clockTolerance: SKEW_SECONDS,
        requiredClaims: ['iat', 'exp', 'jti', 'events'],
      });
      if (!UNTYPED.includes(protectedHeader.typ) && protectedHeader.typ !== LOGOUT_TOKEN) {
        throw new errors.JWTClaimValidationFailed('unexpected "typ" JWT header value', payload, 'typ', 'check_failed');
      }
      return payload;
    } catch (error) {
      throw isTokenError(error)
        ? invalidRequest(`logout_token is not valid: ${error.message}`, { cause: error })
        : providerUnavailable(error);
    }
  }

  private async keys(): Promise<JWTVerifyGetKey> {
    const { jwks_uri: uri } = (await this.metadata.cached()).signIn.serverMetadata();
    if (uri === undefined) throw providerUnavailable(new Error('no jwks_uri'));
    if (this.keySet?.uri !== uri) {
      const keys = createRemoteJWKSet(new URL(uri), {
        timeoutDuration: TIMEOUT_MILLISECONDS,
        [customFetch]: (url, options) => this.metadata.fetch(url, { ...options, redirect: 'error' }),
      });
      this.keySet = { uri, keys };
    }
    return this.keySet.keys;
  }
}

function claimsIn(payload: unknown): z.output<typeof Claims> {
  const { data, error } = Claims.safeParse(payload);
  if (data) return data;
  const [issue] = error.issues;
  throw invalidRequest(
    `logout_token is not valid: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(' ')}`,
  );
}

/** Returns whether the token is invalid. Other errors mean that the keys could not be read. */
const isTokenError = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  !(error instanceof errors.JWKSInvalid) &&
  error.code !== errors.JOSEError.code;
