import { Inject, Injectable } from '@nestjs/common';
import type { VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { ResponseSigner } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { Grants } from '../../grants/grants.js';
import { Subjects } from '../subjects.js';
import { claimsOfScopes } from '../claims-of.js';
import { Users } from '../users.js';

/** What userinfo answers: claims as JSON, or a JWT for a client that registered an algorithm for it. */
export type UserinfoResponse = { readonly claims: object } | { readonly jwt: string };

/** Tells a client of the user whose token it has, as that client knows them. */
@Injectable()
export class UserClaims {
  constructor(
    private readonly users: Users,
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly subjects: Subjects,
    private readonly signer: ResponseSigner,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** @throws ProblemError 404 when the user or the client is gone. */
  async of({ claims: token, scopes }: VerifiedAccessToken): Promise<UserinfoResponse> {
    const [user, client] = await Promise.all([this.users.find(token.sub), this.clients.find(token.client_id)]);
    if (!user || !client) throw new ProblemError(404, 'Not Found', { detail: 'The user no longer exists.' });
    const names = await this.askedByName(client, token.grant_id);
    const claims = { ...claimsOfScopes(user, scopes, names), sub: this.subjects.of(client, user.id) };
    if (client.userinfoSignedResponseAlg === null) return { claims };
    const response = { iss: this.config.ISSUER, aud: client.clientId, claims };
    return { jwt: await this.signer.sign(client.userinfoSignedResponseAlg, response) };
  }

  /** What the `claims` parameter asked for: of the grant's own client, and of none that exchanged its token. */
  private async askedByName({ clientId }: Client, grantId: string | undefined): Promise<string[]> {
    const grant = grantId === undefined ? null : await this.grants.find(grantId);
    return grant?.clientId === clientId ? Object.keys(grant.claims?.userinfo ?? {}) : [];
  }
}
