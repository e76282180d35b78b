import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';
import { ClientSecretCheck } from './client-secret-check.js';

/** `client_secret_post`: id and secret in the body (RFC 6749 §2.3.1). */
@Injectable()
export class ClientSecretPost implements AuthenticationMethod {
  readonly name = 'client_secret_post';

  constructor(private readonly secrets: ClientSecretCheck) {}

  read(_request: FastifyRequest, parameters: Parameters): PresentedCredentials | undefined {
    const secret = parameters.get('client_secret');
    if (secret === undefined) return undefined;
    const clientId = parameters.require('client_id');
    return { clientId, proves: (client) => this.secrets.isGood(clientId, client, secret) };
  }
}
