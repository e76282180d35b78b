import { Controller, Get, Header, Inject, NotFoundException, type OnApplicationBootstrap, Param } from '@nestjs/common';
import { isDatabaseUnavailable } from '@trefoil/server-kit';
import { certificateMethods, type CertificateSettings, CONFIG, type ProviderConfig } from '../config.js';
import type { GrantType } from '../token/issuance/grant-type.js';
import { GRANT_TYPES } from '../token/grant-types.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { type ProviderMetadata, providerMetadata } from './provider-metadata.js';

const CACHE = 'public, max-age=300';

/** Serves the metadata of the provider at the paths of OpenID Connect Discovery §4 and of RFC 8414 §3. */
@Controller('.well-known')
export class MetadataController implements OnApplicationBootstrap {
  private lastScopes: readonly string[] | undefined;

  constructor(
    private readonly resourceServers: ResourceServers,
    @Inject(GRANT_TYPES) private readonly grantTypes: readonly GrantType[],
    @Inject(CONFIG)
    private readonly config: CertificateSettings &
      Pick<ProviderConfig, 'ISSUER' | 'MTLS_URL' | 'CLIENT_ID_METADATA_DOCUMENTS'>,
  ) {}

  /** Reads the scopes once, so that the metadata is served when the database goes down before the first request. */
  async onApplicationBootstrap(): Promise<void> {
    await this.resourceScopes();
  }

  @Get(['openid-configuration', 'oauth-authorization-server'])
  @Header('Cache-Control', CACHE)
  async metadata(): Promise<ProviderMetadata> {
    return providerMetadata({
      issuer: this.config.ISSUER,
      grantTypes: this.grantTypes.map(({ name }) => name),
      resourceScopes: await this.resourceScopes(),
      clientIdMetadataDocuments: this.config.CLIENT_ID_METADATA_DOCUMENTS,
      certificateMethods: certificateMethods(this.config),
      mtlsUrl: this.config.MTLS_URL,
    });
  }

  /** Returns the scopes of the resource servers; those that were read last while the database is down. */
  private async resourceScopes(): Promise<readonly string[]> {
    try {
      const servers = await this.resourceServers.all();
      this.lastScopes = servers.flatMap(({ scopes }) => scopes.map(({ name }) => name));
    } catch (error) {
      if (!this.lastScopes || !isDatabaseUnavailable(error)) throw error;
    }
    return this.lastScopes;
  }

  /** Serves the metadata of an issuer with a path, which comes after the well-known part (RFC 8414 §3.1, §5). */
  @Get(['openid-configuration/*', 'oauth-authorization-server/*'])
  @Header('Cache-Control', CACHE)
  metadataOfPath(@Param('*') path: string): Promise<ProviderMetadata> {
    if (`/${path}` !== new URL(this.config.ISSUER).pathname) throw new NotFoundException();
    return this.metadata();
  }
}
