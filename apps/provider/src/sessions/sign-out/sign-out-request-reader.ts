import { Injectable } from '@nestjs/common';
import type { Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { type IdTokenHint, IdTokenHintReader } from '../id-token-hint-reader.js';

/** A request to sign a person out, reduced to the parameters that could be verified. */
export interface SignOutRequest {
  readonly client: Client | null;
  /** The session ids that the request proves to know. Only the clients of a session know its id. */
  readonly knownSessions: readonly string[];
  /** The URI to return to. It equals one that the client has registered. */
  readonly redirectUri?: string;
  readonly state?: string;
  /** Whether the request contains an ID token that this server did not issue to this client. */
  readonly hasBadHint: boolean;
}

/** Reads sign-out requests (OpenID Connect RP-Initiated Logout §2, §3). */
@Injectable()
export class SignOutRequestReader {
  constructor(
    private readonly clients: Clients,
    private readonly hints: IdTokenHintReader,
  ) {}

  /**
   * Reads the parameters of a sign-out request.
   *
   * @throws OAuthError `invalid_request` when a parameter is repeated.
   */
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

/** Returns the known session ids. A `logout_hint` proves as much as an ID token, because only the clients of a session know its id. */
function sessionsOf(hint: IdTokenHint | undefined, parameters: Parameters): string[] {
  return [hint?.sid, parameters.get('logout_hint')].filter((sid) => sid !== undefined);
}
