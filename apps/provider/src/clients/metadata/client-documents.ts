import { Inject, Injectable } from '@nestjs/common';
import { GRANT_TYPE, invalidRequest, OAuthError, sha256 } from '@trefoil/oauth-protocol';
import { rateLimiter, type RateLimiter, type StateStore } from '@trefoil/state-store';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { POOL, STATE_STORE } from '../../database/state-store.module.js';
import { ClientRegistrations } from '../client-registrations.js';
import { Clients } from '../clients.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { OutboundError, OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { checkClientMetadata } from './check-client-metadata.js';
import { isDocumentUrl, isUrl } from './document-url.js';
import { readClientDocument } from './read-client-document.js';

const SHORTEST_CACHE_SECONDS = 60;
const LONGEST_CACHE_SECONDS = 24 * 3600;
const USUAL_CACHE_SECONDS = 3600;

/** What a client that nobody registered may use: it speaks for people who sign in, and for nobody else. */
const GRANT_TYPES: readonly string[] = [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken];

/**
 * The clients that describe themselves at the URL which is their client_id (draft-ietf-oauth-client-id-metadata-document).
 * What is read becomes a registration like any other, and is read again when it is older than its host lets it be.
 */
@Injectable()
export class ClientDocuments {
  private readonly fetches: RateLimiter;

  constructor(
    private readonly clients: Clients,
    private readonly registrations: ClientRegistrations,
    private readonly resourceServers: ResourceServers,
    private readonly outbound: OutboundFetcher,
    @Inject(STATE_STORE) private readonly state: StateStore,
    @Inject(POOL) pool: Pool,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'CLIENT_ID_METADATA_DOCUMENTS'>,
  ) {
    // Nobody shall use us to flood somebody else's server.
    this.fetches = rateLimiter(pool, { name: 'client-document', points: 60, durationSeconds: 60 });
  }

  /**
   * Brings the registration of a client up to date; does nothing for one whose id is no URL, or when the setting is off.
   *
   * @throws OAuthError `invalid_request` saying what is wrong with the URL or its document.
   */
  async refresh(clientId: string): Promise<void> {
    if (!this.config.CLIENT_ID_METADATA_DOCUMENTS || !isUrl(clientId)) return;
    if (!isDocumentUrl(clientId)) throw invalidRequest('client_id is no URL of a client metadata document');
    const key = `client-document:${sha256(clientId).toString('base64url')}`;
    if (await this.state.get(key)) return;
    const seconds = await this.read(clientId).catch((error: unknown) => {
      throw reasonOf(error);
    });
    await this.state.set(key, true, seconds);
  }

  /** @returns the seconds for which the registration holds. */
  private async read(clientId: string): Promise<number> {
    // What is made up by the name of a host must not keep those out who are known.
    const isKnown = (await this.clients.find(clientId)) !== null;
    const { allowed } = await this.fetches.penalize(isKnown ? clientId : new URL(clientId).host);
    if (!allowed) throw new OutboundError('it was asked for too often');
    const { json, maxAge = USUAL_CACHE_SECONDS } = await this.outbound.getJson(clientId);
    const checked = await checkClientMetadata({
      metadata: readClientDocument(json, clientId, GRANT_TYPES),
      profile: 'oauth2.1',
      offeredGrantTypes: GRANT_TYPES,
      resourceServers: await this.resourceServers.all(),
      outbound: this.outbound,
    });
    await this.registrations.keepDocument({
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

function reasonOf(error: unknown): unknown {
  const reason = error instanceof OAuthError ? error.description : error instanceof OutboundError && error.message;
  if (!reason) return error;
  return invalidRequest(`client_id does not lead to the metadata of a client: ${reason}`, { cause: error });
}
