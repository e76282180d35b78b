import type { SecurityProfileName } from '@trefoil/oauth-protocol';
import type { OutboundFetcher } from '../../../outbound/outbound-fetcher.js';
import type { ResourceServer } from '../../../resource-servers/resource-server.entity.js';
import type { ClientMetadata } from '../client-metadata.js';

/** What the rules of a registration look at. Each rule gives the columns it is about, with their defaults. */
export interface RegistrationContext {
  readonly metadata: ClientMetadata;
  readonly profile: SecurityProfileName;
  /** Whether whoever runs the provider registers the client, who may give it what no client can take for itself. */
  readonly byAdministrator?: boolean;
  /** The grant types of the token endpoint. */
  readonly offeredGrantTypes: readonly string[];
  /** Every registered resource server. */
  readonly resourceServers: readonly Pick<ResourceServer, 'scopes' | 'userClients'>[];
  /** Fetches what a client publishes, and says which addresses it would refuse. */
  readonly outbound: Pick<OutboundFetcher, 'getJson' | 'checkUrl'>;
}
