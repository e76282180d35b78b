import { Inject, Injectable } from '@nestjs/common';
import { invalidClient, invalidRequest, type Parameters, securityProfile } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import type { JWTPayload } from 'jose';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { STATE_STORE } from '../../database/state-store.module.js';
import type { RequestWithHeaders } from '../../http/http-message.js';
import type { Client } from '../client.entity.js';
import { checkJwtTimes, CLOCK_TOLERANCE } from '../keys/check-jwt-times.js';
import { ClientJwtError, ClientJwts, readClaims } from '../keys/client-jwts.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The longest accepted life of an assertion in seconds, as common libraries set it. Its `jti` is stored as long. */
const LONGEST_LIFE = 3600;

const TYPES = ['jwt', 'client-authentication+jwt'];

type Claims = JWTPayload & { readonly sub: string; readonly exp: number; readonly jti: string };

/** Reads `private_key_jwt`: an assertion that the client signed, valid for one request (RFC 7523 §3, OpenID Connect Core §9). */
@Injectable()
export class PrivateKeyJwt implements AuthenticationMethod {
  readonly name = 'private_key_jwt';

  constructor(
    private readonly jwts: ClientJwts,
    @Inject(STATE_STORE) private readonly store: StateStore,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'MTLS_URL'>,
  ) {}

  read(_request: RequestWithHeaders, parameters: Parameters): PresentedCredentials | undefined {
    const assertion = parameters.get('client_assertion');
    const type = parameters.get('client_assertion_type');
    if (assertion === undefined && type === undefined) return undefined;
    if (assertion === undefined) throw invalidRequest('client_assertion is missing');
    if (type !== ASSERTION_TYPE) throw invalidClient(`client_assertion_type must be ${ASSERTION_TYPE}`);
    const claims = readAssertion(assertion);
    return { clientId: claims.sub, proves: (client) => client !== null && this.proves(client, assertion, claims) };
  }

  private async proves(client: Client, assertion: string, claims: Claims): Promise<boolean> {
    this.checkAudience(client, claims.aud);
    const { algorithms } = securityProfile(client.securityProfile);
    const registered = client.tokenEndpointAuthSigningAlg;
    await this.jwts.verify(assertion, client, {
      algorithms: algorithms.filter((algorithm) => registered === null || algorithm === registered),
      types: TYPES,
    });
    await this.checkFirstUse(claims);
    return true;
  }

  /** Checks that every audience is this server, so that another recipient cannot reuse the assertion here (RFC 7523 §3, item 3). */
  private checkAudience({ securityProfile: profile }: Client, aud: JWTPayload['aud']): void {
    const { assertionAudience } = securityProfile(profile);
    if (assertionAudience === 'issuer-as-string' && typeof aud !== 'string') {
      throw new ClientJwtError('aud must be a string');
    }
    const accepted = [this.config.ISSUER];
    if (assertionAudience === 'issuer-or-endpoint') {
      const { ISSUER, MTLS_URL = ISSUER } = this.config;
      accepted.push(...[ISSUER, MTLS_URL].flatMap((url) => [`${url}/token`, `${url}/par`]));
    }
    const audiences = [aud ?? []].flat();
    if (audiences.length === 0 || !audiences.every((audience) => accepted.includes(audience))) {
      throw new ClientJwtError(`aud must be ${accepted.join(' or ')}`);
    }
  }

  /** Stores the `jti` until the assertion expires, for all replicas, and refuses it the second time (RFC 7523 §3, item 7). */
  private async checkFirstUse({ sub, exp, jti }: Claims): Promise<void> {
    const seconds = exp - Date.now() / 1000 + CLOCK_TOLERANCE + 1;
    const isFirst = await this.store.setIfAbsent(`client-assertion:${sub}:${jti}`, true, seconds);
    if (!isFirst) throw new ClientJwtError('jti was used before');
  }
}

/** Reads and checks the claims that need no knowledge of the client. Their errors reveal nothing, so the answer contains them. */
function readAssertion(assertion: string): Claims {
  try {
    const claims = readClaims(assertion);
    const { iss, sub, exp, jti } = claims;
    if (typeof sub !== 'string' || sub === '') throw new ClientJwtError('sub is missing');
    if (iss !== sub) throw new ClientJwtError('iss and sub must both be the client_id');
    if (typeof exp !== 'number') throw new ClientJwtError('exp is missing');
    if (typeof jti !== 'string' || jti === '') throw new ClientJwtError('jti is missing');
    checkJwtTimes(claims);
    if (exp > Date.now() / 1000 + LONGEST_LIFE + CLOCK_TOLERANCE)
      throw new ClientJwtError('exp lies too far in the future');
    return { ...claims, sub, exp, jti };
  } catch (cause) {
    if (!(cause instanceof ClientJwtError)) throw cause;
    throw invalidClient(`client_assertion cannot be accepted: ${cause.message}`, { cause });
  }
}
