import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { type IdTokenHint, IdTokenHintReader } from '../id-token-hint-reader.js';

/** A request to sign a person out, as far as it can be believed. */
export interface SignOutRequest {
  readonly client: Client | null;
  /** The sessions it shows that it knows: whoever knows one of these is a party to it. */
  readonly knownSessions: readonly string[];
  /** Where to go afterwards: only what the client has registered, exactly. */
  readonly redirectUri?: string;
  readonly state?: string;
  /** It brought an ID token, and that is not one of ours for this client. */
  readonly hasBadHint: boolean;
}

/** Reads sign-out requests (OpenID Connect RP-Initiated Logout §2, §3). */
@Injectable()
export class SignOutRequestReader {
  constructor(
    private readonly clients: Clients,
    private readonly hints: IdTokenHintReader,
  ) {}

  /** @throws OAuthError `invalid_request` when a parameter is repeated. */
  async read(parameters: Parameters): Promise<SignOutRequest> {
    parameters.refuseRepeated();
    const idToken = parameters.get('id_token_hint');
    const hint = idToken === undefined ? undefined : await this.hints.read(idToken);
    const clientId = parameters.get('client_id') ?? hint?.clientIds[0];
    const isHintOfClient = hint !== undefined && clientId !== undefined && hint.clientIds.includes(clientId);
    const client = clientId === undefined ? null : await this.clients.find(clientId);
    const redirectUri = parameters.get('post_logout_redirect_uri');
    const hasBadHint = idToken !== undefined && !isHintOfClient;
    return {
      client,
      knownSessions: client && !hasBadHint ? sessionsOf(hint, parameters) : [],
      ...(redirectUri !== undefined && client?.postLogoutRedirectUris.includes(redirectUri) && { redirectUri }),
      state: parameters.get('state'),
      hasBadHint,
    };
  }
}

/** A session's id is known to the clients of the session only, so that it proves as much as an ID token. */
function sessionsOf(hint: IdTokenHint | undefined, parameters: Parameters): string[] {
  return [hint?.sid, parameters.get('logout_hint')].filter((sid) => sid !== undefined);
}
