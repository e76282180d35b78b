import { Inject, Injectable } from '@nestjs/common';
import { GRANT_TYPE, invalidRequest, OAuthError, sha256 } from '@trefoil/oauth-protocol';
import { transportPolicy } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { certificateMethods, type CertificateSettings, CONFIG, type ProviderConfig } from '../../config.js';
import { ProviderAdmission } from '../../database/provider-admission.js';
import { STATE_STORE } from '../../database/state-store.module.js';
import { OutboundError, OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { ClientRegistrations } from '../client-registrations.js';
import { Clients } from '../clients.js';
import { checkClientMetadata } from '../metadata/check-client-metadata.js';
import { isDocumentUrl, isUrl } from './document-url.js';
import { readMetadataDocument } from './read-metadata-document.js';

/** The seconds for which a document is used. `Cache-Control` decides between the shortest and the longest. */
const SHORTEST_CACHE_SECONDS = 60;
const LONGEST_CACHE_SECONDS = 24 * 3600;
const DEFAULT_CACHE_SECONDS = 3600;

/** The grant types of a client that no administrator registered. It can act for users only, not for itself. */
const GRANT_TYPES: readonly string[] = [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken];

/**
 * Registers clients from the metadata documents that they publish at the URL that is their `client_id`
 * (draft-ietf-oauth-client-id-metadata-document). Reads a document again when the stored registration is no longer fresh.
 */
@Injectable()
export class ClientMetadataDocuments {
  constructor(
    private readonly clients: Clients,
    private readonly registrations: ClientRegistrations,
    private readonly resourceServers: ResourceServers,
    private readonly outbound: OutboundFetcher,
    @Inject(STATE_STORE) private readonly state: StateStore,
    private readonly admission: ProviderAdmission,
    @Inject(CONFIG)
    private readonly config: Pick<ProviderConfig, 'CLIENT_ID_METADATA_DOCUMENTS' | 'NODE_ENV' | 'PLAIN_HTTP_ORIGINS'> &
      CertificateSettings,
  ) {}

  /**
   * Updates the registration of a client from its document. Does nothing when the id is not a URL or the setting is off.
   *
   * @throws OAuthError `invalid_request` when the URL or its document is refused.
   * @throws TooManyRequestsError when documents of this host are fetched too often.
   */
  async refresh(clientId: string): Promise<void> {
    if (!this.config.CLIENT_ID_METADATA_DOCUMENTS || !isUrl(clientId)) return;
    if (!isDocumentUrl(clientId)) throw invalidRequest('client_id is not a valid URL of a client metadata document');
    const key = `client-document:${sha256(clientId).toString('base64url')}`;
    if (await this.state.get(key)) return;
    const seconds = await this.read(clientId).catch((error: unknown) => {
      throw publicErrorOf(error);
    });
    await this.state.set(key, true, seconds);
  }

  /**
   * Fetches, checks and stores a document.
   *
   * @returns the seconds for which the registration is fresh.
   */
  private async read(clientId: string): Promise<number> {
    // Known clients have limits of their own, so that invented ids of the same host cannot block them.
    const isKnown = (await this.clients.find(clientId)) !== null;
    // Requests with invented ids must not make this server flood another one.
    await this.admission.admit('client-document', isKnown ? clientId : new URL(clientId).host);
    const { json, maxAge = DEFAULT_CACHE_SECONDS } = await this.outbound.getJson(clientId);
    const checked = await checkClientMetadata({
      metadata: readMetadataDocument(json, clientId, GRANT_TYPES),
      profile: 'oauth2.1',
      offeredGrantTypes: GRANT_TYPES,
      certificateMethods: certificateMethods(this.config),
      resourceServers: await this.resourceServers.all(),
      outbound: this.outbound,
      transport: transportPolicy(this.config),
    });
    await this.registrations.saveDocument({
      ...checked,
      clientId,
      clientName: checked.clientName ?? new URL(clientId).host,
      description: '',
      tokenExchangeResources: [],
      registrationTokenHash: null,
      initialAccessTokenId: null,
    });
    return Math.min(Math.max(maxAge, SHORTEST_CACHE_SECONDS), LONGEST_CACHE_SECONDS);
  }
}

/** Returns the error for the client: with the reason when the document is at fault, otherwise the error itself. */
function publicErrorOf(error: unknown): unknown {
  const reason = error instanceof OAuthError ? error.description : error instanceof OutboundError && error.message;
  if (!reason) return error;
  return invalidRequest(`client_id does not lead to the metadata of a client: ${reason}`, { cause: error });
}
