import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';

/** What a request has that means to prove more than a name. */
const PROOFS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/** `none`: a public client only names itself (OAuth 2.1 §2.4). */
@Injectable()
export class None implements AuthenticationMethod {
  readonly name = 'none';

  read({ headers }: FastifyRequest, parameters: Parameters): PresentedCredentials | undefined {
    const clientId = parameters.get('client_id');
    const presentsMore = headers.authorization !== undefined || PROOFS.some((name) => parameters.has(name));
    return clientId === undefined || presentsMore ? undefined : { clientId, proves: (client) => client !== null };
  }
}
