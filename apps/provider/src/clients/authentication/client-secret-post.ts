import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from '../../http/http-message.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';
import { ClientSecretCheck } from './client-secret-check.js';

/** Reads `client_secret_post`: id and secret in the body (RFC 6749 §2.3.1). */
@Injectable()
export class ClientSecretPost implements AuthenticationMethod {
  readonly name = 'client_secret_post';

  constructor(private readonly secrets: ClientSecretCheck) {}

  read(_request: RequestWithHeaders, parameters: Parameters): PresentedCredentials | undefined {
    const secret = parameters.get('client_secret');
    if (secret === undefined) return undefined;
    const clientId = parameters.require('client_id');
    return { clientId, proves: (client) => this.secrets.matches(clientId, client, secret) };
  }
}
