import { GRANT_TYPE, type SecurityProfileName, type TransportPolicy } from '@trefoil/oauth-protocol';
import { mergePatch } from '../../http/merge-patch.js';
import { refusedValue } from '../../http/refusal.js';
import type { OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import type { ClientContent } from '../client-registrations.js';
import type { Client } from '../client.entity.js';
import { checkClientMetadata } from '../metadata/check-client-metadata.js';
import { readClientMetadata } from '../metadata/client-metadata.js';
import type { ClientPatch } from './client-input.js';
import { clientJson } from './client-json.js';
import { refusingMetadata } from './refused-metadata.js';

/** What the checks of a client look up. */
export interface ClientSurroundings {
  readonly resourceServers: readonly ResourceServer[];
  readonly outbound: OutboundFetcher;
  readonly transport: TransportPolicy;
}

const DEFAULT_PROFILE: SecurityProfileName = 'oauth2.1';

/**
 * Returns the columns of a client after a change by an administrator. Checks it by the rules of dynamic registration, with
 * the additional rights of an administrator. Scopes and resources that the client has already are not checked again, because
 * their resource server may have changed.
 *
 * @param present the client before the change; undefined for a new one.
 * @throws Refusal that names the member.
 */
export async function contentAfter(
  clientId: string,
  patch: ClientPatch,
  present: Client | undefined,
  { resourceServers, outbound, transport }: ClientSurroundings,
): Promise<ClientContent> {
  const merged = mergePatch<ClientPatch>(present ? membersOf(present) : {}, patch);
  const { description, token_exchange_resources, security_profile, scope, ...metadata } = merged;
  const checksScope = present === undefined || patch.scope !== undefined;
  const checked = await refusingMetadata(() =>
    checkClientMetadata({
      metadata: readClientMetadata({ ...metadata, ...(checksScope && scope && { scope }) }),
      profile: security_profile ?? DEFAULT_PROFILE,
      byAdministrator: true,
      offeredGrantTypes: Object.values(GRANT_TYPE),
      // A command may run without the settings of the listeners.
      certificateMethods: ['tls_client_auth', 'self_signed_tls_client_auth'],
      resourceServers,
      outbound,
      transport,
    }),
  );
  const tokenExchangeResources = [...new Set(token_exchange_resources)];
  checkResources(tokenExchangeResources, present, resourceServers);
  return {
    ...checked,
    clientId,
    clientName: checked.clientName ?? clientId,
    description: description ?? '',
    scopes: scopesAfter(scope, checksScope, present, checked),
    // Without a choice, the client follows the default of its profile, also when the profile changes.
    idTokenSignedResponseAlg: merged.id_token_signed_response_alg ? checked.idTokenSignedResponseAlg : null,
    tokenExchangeResources,
    registrationTokenHash: present?.registrationTokenHash ?? null,
    initialAccessTokenId: present?.initialAccessTokenId ?? null,
  };
}

function scopesAfter(
  scope: string | null | undefined,
  isChecked: boolean,
  present: Client | undefined,
  checked: Pick<Client, 'scopes'>,
): string[] {
  if (present && !isChecked) return present.scopes;
  return scope === '' ? [] : checked.scopes;
}

function membersOf(client: Client): ClientPatch {
  const { client_id: _, disabled_at: __, created_at: ___, ...members } = clientJson(client);
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function checkResources(
  resources: readonly string[],
  present: Client | undefined,
  resourceServers: ClientSurroundings['resourceServers'],
): void {
  const known = resourceServers.map(({ identifier }) => identifier);
  const unknown = resources.find((name) => !known.includes(name) && !present?.tokenExchangeResources.includes(name));
  if (unknown === undefined) return;
  throw refusedValue(
    'token_exchange_resources',
    `has an unknown value: there is no resource server ${unknown} (choose from ${known.join(', ')})`,
  );
}
