import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from '../../http/http-message.js';
import type { AuthenticationMethod, PresentedCredentials } from './authentication-method.js';
import { namedClient } from './named-client.js';

/** Reads `none`: a public client sends only its `client_id` (OAuth 2.1 §2.4). */
@Injectable()
export class None implements AuthenticationMethod {
  readonly name = 'none';
  readonly isImplicit = true;

  read(request: RequestWithHeaders, parameters: Parameters): PresentedCredentials | undefined {
    const clientId = namedClient(request, parameters);
    return clientId === undefined ? undefined : { clientId, proves: (client) => client !== null };
  }
}
