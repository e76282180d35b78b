import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUrl } from '../../clients/metadata-documents/document-url.js';
import { Clients } from '../../clients/clients.js';
import type { AuthorizationRequest, OwnPage } from './authorization-request.js';
import { clientGone } from './client-gone.js';
import type { ClosedAuthorization } from './pending-authorizations.js';
import { ClosedAuthorizationPage } from './closed-authorization.page.js';
import { sendPage } from '../../http/replies.js';

/** Who asks for an authorization, and where the person will be sent. */
export interface RequestingParty {
  readonly clientName: string;
  /** Such as `app.example.com`; of a device, that it is one. */
  readonly host: string;
  /** The host that vouches for a client which describes itself: its name is nothing that anybody checked. */
  readonly publisher?: string;
  readonly logoUri: string | null;
  readonly policyUri: string | null;
  readonly tosUri: string | null;
}

const OWN_PAGES: Record<OwnPage, string> = { '/account': 'your account', '/admin': 'the administration' };

/** What pages tell of the client behind an authorization. */
@Injectable()
export class AuthorizationParties {
  constructor(private readonly clients: Clients) {}

  /** @throws ProblemError 400 when the client is no longer registered. */
  async describe(request: AuthorizationRequest): Promise<RequestingParty> {
    const { clientId, redirectUri, deviceAuthorization, ownPage } = request;
    if (ownPage) {
      const about = { logoUri: null, policyUri: null, tosUri: null };
      return { clientName: OWN_PAGES[ownPage], host: new URL(redirectUri).host, ...about };
    }
    const client = await this.clients.find(clientId);
    if (!client) throw clientGone();
    const { clientName, logoUri, policyUri, tosUri } = client;
    return {
      clientName,
      logoUri,
      policyUri,
      tosUri,
      host: deviceAuthorization === undefined ? hostOf(redirectUri) : 'another device',
      ...(isUrl(clientId) && { publisher: new URL(clientId).host }),
    };
  }

  /** Answers with the page of an authorization that cannot go on. */
  async showClosed(request: FastifyRequest, reply: FastifyReply, closed: ClosedAuthorization): Promise<void> {
    const client = closed.state === 'unknown' ? null : await this.clients.find(closed.clientId);
    const status = closed.state === 'unknown' ? 404 : 410;
    sendPage(reply, <ClosedAuthorizationPage state={closed.state} client={client} requestId={request.id} />, status);
  }
}

/** The host of a redirect URI; a private-use scheme has none, and stands for its app itself (RFC 8252 §7.1). */
function hostOf(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return /^https?:$/.test(protocol) ? host : protocol.slice(0, -1);
}
