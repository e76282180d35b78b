import { Inject, Injectable } from '@nestjs/common';
import { invalidRequestObject, Parameters, type RawParameters, securityProfile } from '@trefoil/oauth-protocol';
import type { JWTPayload } from 'jose';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { checkJwtTimes } from '../../clients/keys/check-jwt-times.js';
import type { Client } from '../../clients/client.entity.js';
import { ClientJwtError, ClientJwts } from '../../clients/keys/client-jwts.js';

const TYPES = ['jwt', 'oauth-authz-req+jwt'];

/** The claims that are about the JWT and not parameters of the request (RFC 9101 §4). */
const JWT_CLAIMS = ['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti'];

type RequestSigner = Pick<Client, 'clientId' | 'jwks' | 'jwksUri' | 'requestObjectSigningAlg' | 'securityProfile'>;

/** Reads authorization requests that the client signed (RFC 9101, OpenID Connect Core §6.1). */
@Injectable()
export class RequestObjectReader {
  constructor(
    private readonly jwts: ClientJwts,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * The parameters of a request object; those beside it count for nothing (RFC 9101 §6.3).
   *
   * @throws OAuthError `invalid_request_object`
   */
  async read(requestObject: string, client: RequestSigner): Promise<Parameters> {
    try {
      const claims = await this.jwts.verify(requestObject, client, {
        algorithms: algorithmsOf(client),
        types: TYPES,
      });
      this.checkParties(claims, client);
      checkJwtTimes(claims);
      checkLife(claims, client);
      for (const name of ['request', 'request_uri']) {
        if (name in claims) throw new ClientJwtError(`it must not hold ${name}`);
      }
      return Parameters.from(parametersOf(claims, client.clientId));
    } catch (cause) {
      if (!(cause instanceof ClientJwtError)) throw cause;
      throw invalidRequestObject(`the request object cannot be accepted: ${cause.message}`, { cause });
    }
  }

  /** Who made it, for whom; and that it is no assertion that was taken from elsewhere (RFC 9101 §4, §10.8). */
  private checkParties({ iss, aud, sub, client_id }: JWTPayload, { clientId }: RequestSigner): void {
    if (iss !== clientId) throw new ClientJwtError('iss must be the client_id');
    if (![aud].flat().includes(this.config.ISSUER)) throw new ClientJwtError(`aud must be ${this.config.ISSUER}`);
    if (sub === clientId) throw new ClientJwtError('sub must not be the client_id');
    if (client_id !== undefined && client_id !== clientId) {
      throw new ClientJwtError('client_id is not the one of the request');
    }
  }
}

function algorithmsOf({ securityProfile: profile, requestObjectSigningAlg }: RequestSigner) {
  return securityProfile(profile).algorithms.filter(
    (algorithm) => requestObjectSigningAlg === null || algorithm === requestObjectSigningAlg,
  );
}

/** How long it may be, and may have been, valid, where the profile limits that (FAPI 2.0 Message Signing §5.3.1). */
function checkLife({ exp, nbf }: JWTPayload, { securityProfile: profile }: RequestSigner): void {
  const { longestRequestObjectLife: longest } = securityProfile(profile);
  if (longest === null) return;
  if (exp === undefined) throw new ClientJwtError('exp is missing');
  if (nbf === undefined) throw new ClientJwtError('nbf is missing');
  if (exp - nbf > longest) throw new ClientJwtError(`exp lies more than ${longest} seconds after nbf`);
  if (nbf < Date.now() / 1000 - longest) throw new ClientJwtError(`nbf lies more than ${longest} seconds back`);
}

function parametersOf(claims: JWTPayload, client_id: string): RawParameters {
  const parameters = Object.entries(claims)
    .filter(([name, value]) => !JWT_CLAIMS.includes(name) && value !== null)
    .map(([name, value]) => [name, textOf(value)] as const);
  // What a form says in text may be a number or an object here (RFC 9101 §4, OpenID Connect Core §6.1).
  return { ...Object.fromEntries(parameters), client_id };
}

/** A list stays one: it is a parameter that was repeated, which few may be. */
function textOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' && !Array.isArray(value) ? jsonOf(value) : value;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new ClientJwtError('it is nested too deep', { cause });
  }
}
