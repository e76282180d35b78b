import { Injectable } from '@nestjs/common';
import { invalidRequest, type Parameters } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { Grants } from '../../grants/grants.js';
import { LONGEST_STATE } from '../../limits.js';
import { Subjects } from '../../users/subjects.js';
import { type IdTokenHint, IdTokenHintReader } from '../id-token-hint-reader.js';
import { SessionIds } from '../session-ids.js';
import type { Session } from '../session.entity.js';

/** A request to sign a person out, reduced to the parameters that could be verified. */
export interface SignOutRequest {
  readonly client: Client | null;
  /** The `sid`s that the request proves to know. Only the client of a session knows the `sid` that the session has for it. */
  readonly sids: readonly string[];
  /** The subject of an ID token without `sid`. */
  readonly sub?: string | undefined;
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
    private readonly sessionIds: SessionIds,
    private readonly subjects: Subjects,
    private readonly grants: Grants,
  ) {}

  /**
   * Reads the parameters of a sign-out request.
   *
   * @throws OAuthError `invalid_request` when a parameter is repeated or `state` is too long.
   */
  async read(parameters: Parameters): Promise<SignOutRequest> {
    parameters.refuseRepeated();
    const state = parameters.get('state');
    if (state !== undefined && state.length > LONGEST_STATE) {
      throw invalidRequest(`state must have at most ${LONGEST_STATE} characters`);
    }
    const idToken = parameters.get('id_token_hint');
    const hint = idToken === undefined ? undefined : await this.hints.read(idToken);
    const clientId = parameters.get('client_id') ?? hint?.clientIds[0];
    const isHintOfClient = hint !== undefined && clientId !== undefined && hint.clientIds.includes(clientId);
    const client = clientId === undefined ? null : await this.clients.find(clientId);
    const redirectUri = parameters.get('post_logout_redirect_uri');
    const hasBadHint = idToken !== undefined && !isHintOfClient;
    return {
      client,
      ...(client && !hasBadHint ? provenBy(hint, parameters) : { sids: [] }),
      ...(redirectUri !== undefined && client?.postLogoutRedirectUris.includes(redirectUri) && { redirectUri }),
      state,
      hasBadHint,
    };
  }

  /**
   * Returns whether a request comes from a client of a session, which may end the session without a question. The `sid`
   * proves it. So does an ID token without `sid`, if the client took part in the session and the token is for its user.
   */
  async isFromClientOf({ id, userId }: Session, { client, sids, sub }: SignOutRequest): Promise<boolean> {
    if (!client) return false;
    if (sids.includes(this.sessionIds.of(client, id))) return true;
    const isUser = sub !== undefined && sub === this.subjects.of(client, userId);
    return isUser && this.grants.isPartOfSession(client.clientId, id);
  }
}

/**
 * Returns what the request proves to know. A `logout_hint` proves as much as an ID token, because only the client of a
 * session knows its `sid`.
 */
function provenBy(hint: IdTokenHint | undefined, parameters: Parameters): Pick<SignOutRequest, 'sids' | 'sub'> {
  const sids = [hint?.sid, parameters.get('logout_hint')].filter((sid) => sid !== undefined);
  return { sids, sub: hint?.sid === undefined ? hint?.sub : undefined };
}
