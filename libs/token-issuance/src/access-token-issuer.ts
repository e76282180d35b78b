import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type AccessTokenClaims, type AccessTokenType, accessTokenTypeOf, formatScope } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { SigningKeys } from './signing-keys.js';

/** The content of an access token, without the claims that the issuer adds. */
export interface AccessTokenContent extends Pick<
  AccessTokenClaims,
  | 'aud'
  | 'sub'
  | 'subject_type'
  | 'client_id'
  | 'client_generation'
  | 'sid'
  | 'grant_id'
  | 'auth_time'
  | 'acr'
  | 'act'
  | 'origins'
  | 'cnf'
> {
  readonly scopes: readonly string[];
  /** Seconds from now until it expires. */
  readonly lifetime: number;
}

/** An access token, with its claims and its type. */
export interface IssuedAccessToken {
  readonly token: string;
  readonly claims: AccessTokenClaims;
  /** The `token_type` of the token response. */
  readonly type: AccessTokenType;
}

/** Issues access tokens as JWTs signed with ES256 (RFC 9068). */
@Injectable()
export class AccessTokenIssuer {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
  ) {}

  async issue(issuer: string, { scopes, lifetime, ...content }: AccessTokenContent): Promise<IssuedAccessToken> {
    const key = await this.keys.current('ES256');
    const iat = Math.floor(Date.now() / 1000);
    const claims: AccessTokenClaims = {
      iss: issuer,
      ...definedOnly(content),
      scope: formatScope(scopes),
      jti: randomUUID(),
      iat,
      exp: iat + lifetime,
    };
    const token = this.jwt.sign(claims, {
      privateKey: key.privateKey,
      algorithm: 'ES256',
      keyid: key.kid,
      header: { alg: 'ES256', typ: 'at+jwt' },
    });
    return { token, claims, type: accessTokenTypeOf(claims) };
  }
}

function definedOnly<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
