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
import { transportPolicy } from '@trefoil/server-kit';
import { randomUUID } from 'node:crypto';
import { certificateMethods, type CertificateSettings, CONFIG, type ProviderConfig } from '../../config.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { type ClientContent, ClientRegistrations, type SecretChange } from '../client-registrations.js';
import type { Client } from '../client.entity.js';
import { checkClientMetadata, type CheckedMetadata } from '../metadata/check-client-metadata.js';
import { type ClientMetadata, readClientMetadata } from '../metadata/client-metadata.js';
import { type ClientInformation, clientInformation } from './client-information.js';
import type { InitialAccessToken } from './initial-access-token.entity.js';
import { InitialAccessTokens } from './initial-access-tokens.js';

/** Registers clients with the metadata that they send, and describes their registrations. */
@Injectable()
export class DynamicRegistration {
  constructor(
    private readonly registrations: ClientRegistrations,
    private readonly initialAccessTokens: InitialAccessTokens,
    private readonly resourceServers: ResourceServers,
    private readonly outbound: OutboundFetcher,
    @Inject(CONFIG)
    private readonly config: Pick<ProviderConfig, 'ISSUER' | 'NODE_ENV' | 'PLAIN_HTTP_ORIGINS'> & CertificateSettings,
  ) {}

  /**
   * Registers a client.
   *
   * @param token decides which security profiles the client may have.
   * @throws OAuthError with a code of RFC 7591 §3.2.2.
   */
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
   * Replaces a registration (RFC 7592 §2.2). Absent members get their defaults, except the security profile, which stays.
   *
   * @returns undefined when the client was removed in the meantime.
   * @throws OAuthError with a code of RFC 7591 §3.2.2.
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

  /** Returns the client information response of a registration. */
  describe(client: Client, registrationToken: string, secret: SecretChange = 'keep'): ClientInformation {
    const given = typeof secret === 'object' ? { secret: secret.replaceBy } : {};
    return clientInformation(client, this.config.ISSUER, { registrationToken, ...given });
  }

  private async check(metadata: ClientMetadata, profile: SecurityProfileName): Promise<CheckedMetadata> {
    return checkClientMetadata({
      metadata,
      profile,
      offeredGrantTypes: Object.values(GRANT_TYPE),
      certificateMethods: certificateMethods(this.config),
      resourceServers: await this.resourceServers.all(),
      outbound: this.outbound,
      transport: transportPolicy(this.config),
    });
  }
}

function selectProfile(
  { security_profile: named }: ClientMetadata,
  allowed: readonly SecurityProfileName[],
  byDefault: SecurityProfileName,
): SecurityProfileName {
  const profile = named === undefined ? byDefault : allowed.find((each) => each === named);
  if (profile !== undefined && Object.hasOwn(SECURITY_PROFILES, profile)) return profile;
  throw invalidClientMetadata(`security_profile must be one of ${[...new Set(allowed)].join(', ')}`);
}

function secretFor({ tokenEndpointAuthMethod }: CheckedMetadata, hasSecret: boolean): SecretChange {
  if (!usesClientSecret(tokenEndpointAuthMethod)) return 'remove';
  return hasSecret ? 'keep' : { replaceBy: randomSecret() };
}
