import { Inject, Injectable } from '@nestjs/common';
import { invalidRequestObject, Parameters, type RawParameters, securityProfile } from '@trefoil/oauth-protocol';
import type { JWTPayload } from 'jose';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { checkJwtTimes } from '../../clients/keys/check-jwt-times.js';
import type { Client } from '../../clients/client.entity.js';
import { ClientJwtError, ClientJwts } from '../../clients/keys/client-jwts.js';
import { isNestedDeeperThan, JSON_DEPTH_LIMIT } from '../../http/json-depth.js';

const TYPES = ['jwt', 'oauth-authz-req+jwt'];

/** The claims about the JWT itself, which are no parameters of the request (RFC 9101 §4). */
const JWT_CLAIMS = ['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti'];

type RequestSigner = Pick<Client, 'clientId' | 'jwks' | 'jwksUri' | 'requestObjectSigningAlg' | 'securityProfile'>;

/** Reads request objects: authorization requests that the client has signed (RFC 9101, OpenID Connect Core §6.1). */
@Injectable()
export class RequestObjectReader {
  constructor(
    private readonly jwts: ClientJwts,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Verifies a request object and returns its parameters (RFC 9101 §6).
   *
   * @throws OAuthError `invalid_request_object`
   */
  async read(requestObject: string, client: RequestSigner): Promise<Parameters> {
    try {
      const claims = await this.jwts.verify(requestObject, client, {
        algorithms: algorithmsOf(client),
        types: TYPES,
      });
      if (isNestedDeeperThan(claims, JSON_DEPTH_LIMIT)) {
        throw new ClientJwtError(`it is nested deeper than ${JSON_DEPTH_LIMIT} levels`);
      }
      this.checkParties(claims, client);
      checkJwtTimes(claims);
      checkLifetime(claims, client);
      for (const name of ['request', 'request_uri']) {
        if (name in claims) throw new ClientJwtError(`it must not hold ${name}`);
      }
      return Parameters.from(parametersOf(claims, client.clientId));
    } catch (cause) {
      if (!(cause instanceof ClientJwtError)) throw cause;
      throw invalidRequestObject(`the request object cannot be accepted: ${cause.message}`, { cause });
    }
  }

  /**
   * Checks issuer and audience, and that the JWT is not a client assertion that was taken from elsewhere (RFC 9101 §4,
   * §10.8).
   */
  private checkParties({ iss, aud, sub, client_id }: JWTPayload, { clientId }: RequestSigner): void {
    if (iss !== clientId) throw new ClientJwtError('iss must be the client_id');
    if (![aud].flat().includes(this.config.ISSUER)) throw new ClientJwtError(`aud must be ${this.config.ISSUER}`);
    if (sub === clientId) throw new ClientJwtError('sub must not be the client_id');
    if (client_id !== undefined && client_id !== clientId) {
      throw new ClientJwtError('client_id must be the one of the request');
    }
  }
}

function algorithmsOf({ securityProfile: profile, requestObjectSigningAlg }: RequestSigner) {
  return securityProfile(profile).algorithms.filter(
    (algorithm) => requestObjectSigningAlg === null || algorithm === requestObjectSigningAlg,
  );
}

/**
 * Checks the lifetime and the age of the request object, where the security profile limits them (FAPI 2.0 Message
 * Signing §5.3.1).
 */
function checkLifetime({ exp, nbf }: JWTPayload, { securityProfile: profile }: RequestSigner): void {
  const { longestRequestObjectLife: longest } = securityProfile(profile);
  if (longest === null) return;
  if (exp === undefined) throw new ClientJwtError('exp is missing');
  if (nbf === undefined) throw new ClientJwtError('nbf is missing');
  if (exp - nbf > longest) throw new ClientJwtError(`exp must be at most ${longest} seconds after nbf`);
  if (nbf < Date.now() / 1000 - longest) throw new ClientJwtError(`nbf must be at most ${longest} seconds in the past`);
}

function parametersOf(claims: JWTPayload, client_id: string): RawParameters {
  const parameters = Object.entries(claims)
    .filter(([name, value]) => !JWT_CLAIMS.includes(name) && value !== null)
    .map(([name, value]) => [name, textOf(value)] as const);
  // The `client_id` of the request replaces that of the claims, which equals it or is missing.
  return { ...Object.fromEntries(parameters), client_id };
}

/**
 * Returns a claim as a form would send it: numbers, booleans and objects as text (RFC 9101 §4, OpenID Connect Core
 * §6.1). An array stays an array and means a repeated parameter.
 */
function textOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value;
}
