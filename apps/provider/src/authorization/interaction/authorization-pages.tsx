import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clients } from '../../clients/clients.js';
import { isUrl } from '../../clients/metadata-documents/document-url.js';
import { sendPage } from '../../http/replies.js';
import type { AuthorizationRequest, OwnPage } from './authorization-request.js';
import { ClosedAuthorizationPage } from './closed-authorization.page.js';
import type { ClosedAuthorization } from './pending-authorizations.js';
import { findRequestingClient } from './requesting-client.js';

/** Describes a requesting client on pages. */
export interface ClientDescription {
  readonly clientName: string;
  /** The host to which the user will be sent, such as `app.example.com`; for a device, words that say so. */
  readonly host: string;
  /** The host that publishes the metadata of the client. Only this host vouches for the name of such a client. */
  readonly publisher?: string;
  readonly logoUri: string | null;
  readonly policyUri: string | null;
  readonly tosUri: string | null;
}

const OWN_PAGES: Record<OwnPage, string> = { '/account': 'your account', '/admin': 'the administration' };

/** Supplies what the pages of an authorization share: the description of the client, and the page for a closed one. */
@Injectable()
export class AuthorizationPages {
  constructor(private readonly clients: Clients) {}

  /**
   * Returns the description of the client that made a request.
   *
   * @throws ProblemError 400 when the client is no longer registered.
   */
  async describeClient(request: AuthorizationRequest): Promise<ClientDescription> {
    const { clientId, redirectUri, deviceAuthorization, ownPage } = request;
    if (ownPage) {
      const about = { logoUri: null, policyUri: null, tosUri: null };
      return { clientName: OWN_PAGES[ownPage], host: new URL(redirectUri).host, ...about };
    }
    const { clientName, logoUri, policyUri, tosUri } = await findRequestingClient(this.clients, clientId);
    return {
      clientName,
      logoUri,
      policyUri,
      tosUri,
      host: deviceAuthorization === undefined ? hostOf(redirectUri) : 'another device',
      ...(isUrl(clientId) && { publisher: new URL(clientId).host }),
    };
  }

  /** Sends the page for an authorization that cannot continue. */
  async sendClosed(request: FastifyRequest, reply: FastifyReply, closed: ClosedAuthorization): Promise<void> {
    const client = closed.state === 'unknown' ? null : await this.clients.find(closed.clientId);
    const status = closed.state === 'unknown' ? 404 : 410;
    sendPage(reply, <ClosedAuthorizationPage state={closed.state} client={client} requestId={request.id} />, status);
  }
}

/** Returns the host of a redirect URI; the scheme when it is a private-use one, which has no host (RFC 8252 §7.1). */
export function hostOf(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return /^https?:$/.test(protocol) ? host : protocol.slice(0, -1);
}
