import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from '../../http/http-message.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';

/** The parameters of other methods. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/** Reads `none`: a public client sends only its `client_id` (OAuth 2.1 §2.4). */
@Injectable()
export class None implements AuthenticationMethod {
  readonly name = 'none';

  read({ headers }: RequestWithHeaders, parameters: Parameters): PresentedCredentials | undefined {
    const clientId = parameters.get('client_id');
    const hasCredentials = headers.authorization !== undefined || CREDENTIALS.some((name) => parameters.has(name));
    return clientId === undefined || hasCredentials ? undefined : { clientId, proves: (client) => client !== null };
  }
}
