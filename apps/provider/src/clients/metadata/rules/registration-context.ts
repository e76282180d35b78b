import type { ClientAuthenticationMethod, SecurityProfileName, TransportPolicy } from '@trefoil/oauth-protocol';
import type { OutboundFetcher } from '../../../outbound/outbound-fetcher.js';
import type { ResourceServer } from '../../../resource-servers/resource-server.entity.js';
import type { ClientMetadata } from '../client-metadata.js';

/** The input of the registration rules. Each rule returns the columns that it checks, with their defaults. */
export interface RegistrationContext {
  readonly metadata: ClientMetadata;
  readonly profile: SecurityProfileName;
  /** Whether an administrator registers the client, who may grant more than a client can request for itself. */
  readonly byAdministrator?: boolean;
  /** The grant types that the client may register. */
  readonly offeredGrantTypes: readonly string[];
  /** The methods by which clients can authenticate with a certificate; none when absent. */
  readonly certificateMethods?: readonly ClientAuthenticationMethod[];
  /** Every registered resource server. */
  readonly resourceServers: readonly Pick<ResourceServer, 'scopes' | 'userClients'>[];
  /** Which URIs of the client may use plain HTTP. */
  readonly transport: TransportPolicy;
  /** Fetches the documents of clients, and refuses URLs that must not be called. */
  readonly outbound: Pick<OutboundFetcher, 'getJson' | 'checkUrl'>;
}
