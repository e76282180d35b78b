import { Inject, Injectable } from '@nestjs/common';
import type { VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { ResponseSigner } from '@trefoil/token-issuance';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Grants } from '../../grants/grants.js';
import { claimsOfScopes } from '../standard-claims.js';
import { Subjects } from '../subjects.js';
import { Users } from '../users.js';

/** A response of userinfo: claims to send as JSON, or a JWT for a client that registered a signing algorithm. */
export type UserinfoResponse = { readonly claims: object } | { readonly jwt: string };

/** Builds the userinfo responses for the clients of access tokens. */
@Injectable()
export class UserinfoResponses {
  constructor(
    private readonly users: Users,
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly subjects: Subjects,
    private readonly signer: ResponseSigner,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /**
   * Returns the response to an access token.
   *
   * @throws ProblemError 404 when the user or the client no longer exists.
   */
  async of({ claims: token, scopes }: VerifiedAccessToken): Promise<UserinfoResponse> {
    const [user, client] = await Promise.all([this.users.find(token.sub), this.clients.find(token.client_id)]);
    if (!user || !client) throw new ProblemError(404, 'Not Found', { detail: 'The user no longer exists.' });
    const names = await this.requestedByName(client, token.grant_id);
    const claims = { ...claimsOfScopes(user, scopes, names), sub: this.subjects.of(client, user.id) };
    if (client.userinfoSignedResponseAlg === null) return { claims };
    const response = { iss: this.config.ISSUER, aud: client.clientId, claims };
    return { jwt: await this.signer.sign(client.userinfoSignedResponseAlg, response) };
  }

  /** Returns the claims of the `claims` parameter. A client that exchanged the token of another client gets none of them. */
  private async requestedByName({ clientId }: Client, grantId: string | undefined): Promise<string[]> {
    const grant = grantId === undefined ? null : await this.grants.find(grantId);
    return grant?.clientId === clientId ? Object.keys(grant.claims?.userinfo ?? {}) : [];
  }
}
