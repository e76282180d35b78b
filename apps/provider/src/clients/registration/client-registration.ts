import { Inject, Injectable } from '@nestjs/common';
import {
  GRANT_TYPE,
  invalidClientMetadata,
  randomSecret,
  SECURITY_PROFILES,
  type SecurityProfileName,
  sha256,
  usesClientSecret,
} from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { type ClientContent, ClientRegistrations, type SecretChange } from '../client-registrations.js';
import type { Client } from '../client.entity.js';
import type { InitialAccessToken } from './initial-access-token.entity.js';
import { InitialAccessTokens } from './initial-access-tokens.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { checkClientMetadata, type CheckedMetadata } from '../metadata/check-client-metadata.js';
import { type ClientInformation, clientInformation } from './client-information.js';
import { type ClientMetadata, readClientMetadata } from '../metadata/client-metadata.js';

/** Turns the metadata that a client sends into its registration, and the registration into what the client is told. */
@Injectable()
export class ClientRegistration {
  constructor(
    private readonly registrations: ClientRegistrations,
    private readonly initialAccessTokens: InitialAccessTokens,
    private readonly resourceServers: ResourceServers,
    private readonly outbound: OutboundFetcher,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  /** @throws OAuthError as RFC 7591 §3.2.2 has it. */
  async register(body: unknown, token: InitialAccessToken, origin: RequestOrigin): Promise<ClientInformation> {
    const metadata = readClientMetadata(body);
    const profile = selectProfile(metadata, token.allowedProfiles, token.defaultProfile);
    const checked = await this.check(metadata, profile);
    const clientId = randomUUID();
    const registrationToken = randomSecret();
    const content: ClientContent = {
      ...checked,
      clientId,
      clientName: checked.clientName ?? clientId,
      description: '',
      tokenExchangeResources: [],
      registrationTokenHash: sha256(registrationToken),
      initialAccessTokenId: token.id,
    };
    const secret = secretFor(checked, false);
    const client = await this.registrations.create(content, secret, origin);
    return this.describe(client, registrationToken, secret);
  }

  /**
   * Replaces a registration; what is left out gets its default again, but for the security profile, which nobody loses
   * by forgetting it (RFC 7592 §2.2).
   *
   * @returns undefined when the client has gone meanwhile.
   * @throws OAuthError as RFC 7591 §3.2.2 has it.
   */
  async update(
    body: unknown,
    client: Client,
    registrationToken: string,
    origin: RequestOrigin,
  ): Promise<ClientInformation | undefined> {
    const metadata = readClientMetadata(body);
    const token = client.initialAccessTokenId && (await this.initialAccessTokens.find(client.initialAccessTokenId));
    const allowed = [client.securityProfile, ...(token ? token.allowedProfiles : [])];
    const checked = await this.check(metadata, selectProfile(metadata, allowed, client.securityProfile));
    const { clientId, description, tokenExchangeResources, registrationTokenHash, initialAccessTokenId } = client;
    const kept = { clientId, description, tokenExchangeResources, registrationTokenHash, initialAccessTokenId };
    const secret = secretFor(checked, client.secrets.length > 0);
    const content = { ...checked, ...kept, clientName: checked.clientName ?? clientId };
    const updated = await this.registrations.update(content, secret, origin);
    return updated ? this.describe(updated, registrationToken, secret) : undefined;
  }

  /** What a client is told of its registration. */
  describe(client: Client, registrationToken: string, secret: SecretChange = 'keep'): ClientInformation {
    const given = typeof secret === 'object' ? { secret: secret.replaceBy } : {};
    return clientInformation(client, this.config.ISSUER, { registrationToken, ...given });
  }

  private async check(metadata: ClientMetadata, profile: SecurityProfileName): Promise<CheckedMetadata> {
    return checkClientMetadata({
      metadata,
      profile,
      offeredGrantTypes: Object.values(GRANT_TYPE),
      resourceServers: await this.resourceServers.all(),
      outbound: this.outbound,
    });
  }
}

function selectProfile(
  { security_profile: named }: ClientMetadata,
  allowed: readonly SecurityProfileName[],
  unnamed: SecurityProfileName,
): SecurityProfileName {
  const profile = named === undefined ? unnamed : allowed.find((each) => each === named);
  if (profile !== undefined && Object.hasOwn(SECURITY_PROFILES, profile)) return profile;
  throw invalidClientMetadata(`security_profile must be one of ${[...new Set(allowed)].join(', ')}`);
}

function secretFor({ tokenEndpointAuthMethod }: CheckedMetadata, hasSecret: boolean): SecretChange {
  if (!usesClientSecret(tokenEndpointAuthMethod)) return 'remove';
  return hasSecret ? 'keep' : { replaceBy: randomSecret() };
}
