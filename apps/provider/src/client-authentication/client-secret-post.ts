import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { isSecretOf } from '../model/clients/clients.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';

/** `client_secret_post`: id and secret in the body (RFC 6749 §2.3.1). */
@Injectable()
export class ClientSecretPost implements AuthenticationMethod {
  readonly name = 'client_secret_post';

  read(_request: FastifyRequest, parameters: Parameters): PresentedCredentials | undefined {
    const secret = parameters.get('client_secret');
    if (secret === undefined) return undefined;
    return { clientId: parameters.require('client_id'), proves: (client) => isSecretOf(client, secret) };
  }
}
