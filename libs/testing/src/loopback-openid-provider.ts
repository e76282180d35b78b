import { codeChallengeOf, randomSecret } from '@trefoil/oauth-protocol';
import { generateKeyPairSync, sign } from 'node:crypto';
import { type Answer, LoopbackServer, type Received } from './loopback-server.js';

const KEY_ID = 'test';

interface Grant {
  sub: string;
  sid: string;
  /** The resource servers that the user granted access to. */
  resources: readonly string[];
}

/**
 * A minimal provider for the tests of web servers. It signs every browser in as {@link user} at once. Refresh tokens rotate; a
 * refresh token that is used again returns the same successor.
 */
export class LoopbackOpenIdProvider extends LoopbackServer {
  /** The user of the next sign-in. */
  user = { sub: 'alice', name: undefined as string | undefined };
  /** The error code of the next authorization responses. */
  refuses: string | undefined;
  /** Replaces the answer of the token endpoint. Calling `usual` processes the request. */
  tokenAnswer: ((usual: () => Answer) => Answer | Promise<Answer>) | undefined;
  /** Replaces the `iss` of authorization responses. */
  iss: string | undefined;
  accessTokenLifetime = 600;
  /** Whether the revocation endpoint answers 503. */
  refusesRevocations = false;
  /** The parameters of every authorization request. */
  readonly authorizations: URLSearchParams[] = [];
  /** The parameters of every request to the end-session endpoint. */
  readonly endedSessions: URLSearchParams[] = [];

  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly codes = new Map<string, Grant & { challenge: string | null; nonce: string | null }>();
  private readonly refreshTokens = new Map<string, Grant>();
  private readonly accessTokens = new Map<string, { sub: string; resource: string | undefined }>();
  private readonly successors = new Map<string, string>();

  /** @param clientId the client id of the web server under test. Its secret is `<clientId>-test-secret`. */
  constructor(private readonly clientId: string) {
    super();
  }

  /** Returns the subject of an access token, or undefined when it is not valid at a resource server. */
  subjectOf(accessToken: string, resource: string): string | undefined {
    const grant = this.accessTokens.get(accessToken);
    return grant?.resource === resource ? grant.sub : undefined;
  }

  /**
   * Returns a valid logout token with some claims and header parameters replaced.
   *
   * @param claims The claims to replace. A claim with the value undefined is left out.
   */
  logoutToken(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
    const iat = Math.floor(Date.now() / 1000);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const usual = { iss: this.url, aud: this.clientId, iat, exp: iat + 120, jti: randomSecret(), events };
    return this.sign({ ...usual, sub: 'alice', sid: 'sid-of-alice', ...claims }, { typ: 'logout+jwt', ...header });
  }

  /** Returns the number of refresh tokens that can be used. */
  countRefreshTokens(): number {
    return this.refreshTokens.size;
  }

  /** Revokes every access token. Refresh tokens stay valid. */
  revokeAccessTokens(): void {
    this.accessTokens.clear();
  }

  /** Revokes every access token and refresh token. */
  revokeGrants(): void {
    this.accessTokens.clear();
    this.refreshTokens.clear();
  }

  protected answer({ url, headers, body }: Received): Answer | Promise<Answer> {
    const usual = () => this.issue(headers.authorization, new URLSearchParams(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return [200, this.metadata()];
      case '/jwks':
        return [200, { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256' }] }];
      case '/authorize':
        return this.authorize(url.searchParams);
      case '/token':
        return this.tokenAnswer ? this.tokenAnswer(usual) : usual();
      case '/revoke':
        return this.revoke(headers.authorization, new URLSearchParams(body));
      case '/end-session':
        this.endedSessions.push(url.searchParams);
        return seeOther(url.searchParams.get('post_logout_redirect_uri') ?? '/');
      default:
        return [404];
    }
  }

  private metadata() {
    const endpoints = [
      'authorization_endpoint',
      'token_endpoint',
      'end_session_endpoint',
      'revocation_endpoint',
      'jwks_uri',
    ] as const;
    const paths = ['/authorize', '/token', '/end-session', '/revoke', '/jwks'];
    return {
      issuer: this.url,
      ...Object.fromEntries(endpoints.map((name, index) => [name, `${this.url}${paths[index]}`])),
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
    };
  }

  private authorize(parameters: URLSearchParams): Answer {
    this.authorizations.push(parameters);
    const code = `tfc_${randomSecret()}`;
    this.codes.set(code, {
      sub: this.user.sub,
      sid: `sid-of-${this.user.sub}`,
      resources: parameters.getAll('resource'),
      challenge: parameters.get('code_challenge'),
      nonce: parameters.get('nonce'),
    });
    const answer = new URL(parameters.get('redirect_uri') ?? this.url);
    answer.search = new URLSearchParams({
      ...(this.refuses ? { error: this.refuses } : { code }),
      state: parameters.get('state') ?? '',
      iss: this.iss ?? this.url,
    }).toString();
    return seeOther(answer.href);
  }

  private issue(authorization: string | undefined, form: URLSearchParams): Answer {
    if (credentialsIn(authorization) !== `${this.clientId}:${this.clientId}-test-secret`)
      return [401, { error: 'invalid_client' }];
    return form.get('grant_type') === 'refresh_token' ? this.refresh(form) : this.redeem(form);
  }

  private redeem(form: URLSearchParams): Answer {
    const code = form.get('code') ?? '';
    const grant = this.codes.get(code);
    this.codes.delete(code);
    if (!grant || codeChallengeOf(form.get('code_verifier') ?? '') !== grant.challenge) return INVALID_GRANT;
    const [status, tokens] = this.tokens(grant, form.get('resource'));
    return [status, { ...tokens, id_token: this.idToken(grant) }];
  }

  private refresh(form: URLSearchParams): Answer {
    const refreshToken = form.get('refresh_token') ?? '';
    const grant = this.refreshTokens.get(refreshToken);
    if (!grant) return INVALID_GRANT;
    const resource = form.get('resource');
    if (resource !== null && !grant.resources.includes(resource)) return [400, { error: 'invalid_target' }];
    const successor = this.successors.get(refreshToken) ?? `tfr_${randomSecret()}`;
    this.successors.set(refreshToken, successor);
    return this.tokens(grant, resource, successor);
  }

  private revoke(authorization: string | undefined, form: URLSearchParams): Answer {
    if (this.refusesRevocations) return [503];
    if (credentialsIn(authorization) !== `${this.clientId}:${this.clientId}-test-secret`)
      return [401, { error: 'invalid_client' }];
    this.refreshTokens.delete(form.get('token') ?? '');
    return [200];
  }

  private tokens(grant: Grant, resource: string | null, refresh_token = `tfr_${randomSecret()}`): [200, object] {
    const { sub } = grant;
    const access_token = this.sign({ sub, jti: randomSecret() });
    this.accessTokens.set(access_token, { sub, resource: resource ?? grant.resources[0] });
    this.refreshTokens.set(refresh_token, grant);
    return [200, { access_token, refresh_token, token_type: 'Bearer', expires_in: this.accessTokenLifetime }];
  }

  private idToken({ sub, sid, nonce }: Grant & { nonce: string | null }): string {
    const iat = Math.floor(Date.now() / 1000);
    return this.sign({ iss: this.url, aud: this.clientId, sub, sid, nonce, iat, exp: iat + 60, name: this.user.name });
  }

  private sign(payload: object, header: object = {}): string {
    const signed = [{ alg: 'RS256', kid: KEY_ID, ...header }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), this.keys.privateKey).toString('base64url')}`;
  }
}

const INVALID_GRANT: Answer = [400, { error: 'invalid_grant' }];

const seeOther = (location: string): Answer => [303, undefined, { Location: location }];

/** Returns the decoded `client:secret`. Both parts are form-encoded inside Basic credentials (RFC 6749 §2.3.1). */
const credentialsIn = (authorization = ''): string =>
  decodeURIComponent(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString());
