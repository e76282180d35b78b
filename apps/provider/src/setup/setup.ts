import { Inject, Injectable } from '@nestjs/common';
import { sha256, usesClientSecret } from '@trefoil/oauth-protocol';
import { transportPolicy } from '@trefoil/server-kit';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { Client } from '../clients/client.entity.js';
import type { ExpectedSubject } from '../clients/keys/certificate-subject.js';
import { ClientSecret } from '../clients/secrets/client-secret.entity.js';
import { certificateMethods, type CertificateSettings, CONFIG, type ProviderConfig } from '../config.js';
import { refusedState } from '../http/refusal.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { KeyRotation } from '../keys/key-rotation.js';
import { ServerSecrets } from '../keys/server-secrets/server-secrets.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { checkPassword } from '../users/chosen-password.js';
import { hashPassword } from '../users/password.js';
import { subjectKey } from '../users/subjects.js';
import { User } from '../users/user.entity.js';
import {
  describeRows,
  type ExistingInstallation,
  findInstallation,
  holdsDemoData,
  lockSetup,
} from './existing-data.js';
import {
  accountApi,
  backendClient,
  byCertificate,
  contactsApi,
  frontendClient,
  type ServerUrls,
} from './registrations.js';
import { checkUrls } from './setup-urls.js';

/** The apps that are clients of the provider. */
export type ClientApp = 'frontend' | 'backend';

/** Supplies the client secrets. It is asked under the lock of the setup, so that only one process writes files. */
export interface ClientSecretSupply {
  /** Returns the secret of an app: the one that exists, or a new one. */
  obtain(app: ClientApp): string;
  /** Removes what {@link obtain} has written, because the setup failed. */
  discard(): void;
}

/** What an installation is set up with. */
export interface SetupRequest {
  readonly urls: ServerUrls;
  /** The first administrator. */
  readonly administrator: { readonly email: string; readonly password: string };
  readonly clientSecrets: ClientSecretSupply;
  /** The subjects of the certificates of the apps that authenticate with one, instead of a secret. */
  readonly certificates?: Partial<Record<ClientApp, Partial<ExpectedSubject>>>;
}

/** The result of a setup. `isNew` is false when the installation existed, and then nothing was changed. */
export interface SetupResult {
  readonly isNew: boolean;
  readonly installation: ExistingInstallation;
}

/** Creates what every installation needs before its provider can start. */
@Injectable()
export class Setup {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: KeyRotation,
    private readonly secrets: ServerSecrets,
    private readonly events: SecurityEvents,
    @Inject(CONFIG)
    private readonly config: CertificateSettings &
      Pick<ProviderConfig, 'ISSUER' | 'NODE_ENV' | 'PLAIN_HTTP_ORIGINS' | 'GRANT_KEY'>,
  ) {}

  /**
   * Returns the installation if it exists; undefined when the database can be set up.
   *
   * @throws Refusal when a URL is refused, or the database holds something else.
   */
  find(urls: ServerUrls): Promise<ExistingInstallation | undefined> {
    checkUrls(urls, transportPolicy(this.config));
    return this.findOrRefuse(this.dataSource.manager);
  }

  /** Returns whether an app authenticates with a secret. */
  async needsSecret(app: ClientApp): Promise<boolean> {
    const client = await this.dataSource.manager.findOneBy(Client, { clientId: app });
    return client !== null && usesClientSecret(client.tokenEndpointAuthMethod);
  }

  /** Returns whether a secret is one with which an app can authenticate now. */
  async acceptsSecret(app: ClientApp, secret: string): Promise<boolean> {
    const found = await this.dataSource.manager.findOneBy(ClientSecret, { clientId: app, secretHash: sha256(secret) });
    return found !== null && (found.expiresAt === null || found.expiresAt > new Date());
  }

  /**
   * Creates the resource servers, signing keys, server secrets, clients and the first administrator, all or nothing. Of
   * several processes at the same time one does so, and the others find its installation.
   *
   * @throws Refusal when a value is refused, or the database holds something else.
   */
  async run(request: SetupRequest, origin: RequestOrigin): Promise<SetupResult> {
    const { urls, administrator, clientSecrets, certificates = {} } = request;
    this.checkCertificates(certificates);
    checkUrls(urls, transportPolicy(this.config));
    checkPassword(administrator.password, this.config);
    const passwordHash = await hashPassword(administrator.password);
    return this.dataSource.transaction(async (transaction) => {
      await lockSetup(transaction);
      const existing = await this.findOrRefuse(transaction);
      if (existing) return { isNew: false, installation: existing };
      try {
        await subjectKey(this.secrets, this.config, transaction);
        await this.register(transaction, request, origin);
        await this.keys.createMissing(transaction, origin);
        await this.addAdministrator(transaction, administrator.email, passwordHash, origin);
      } catch (error) {
        clientSecrets.discard();
        throw error;
      }
      const installation = await findInstallation(transaction, urls);
      if (!installation) throw new Error('The installation that was just created cannot be found.');
      return { isNew: true, installation };
    });
  }

  private async findOrRefuse(manager: EntityManager): Promise<ExistingInstallation | undefined> {
    const existing = await findInstallation(manager, { issuer: this.config.ISSUER });
    if (existing && this.config.NODE_ENV === 'production' && (await holdsDemoData(manager))) {
      throw refusedState(
        'The database holds the demo data, whose passwords and secrets are public. Nothing was changed. Use an empty, ' +
          'migrated database in production.',
      );
    }
    if (existing) return existing;
    const rows = await describeRows(manager);
    if (rows.length === 0) return undefined;
    throw refusedState(
      `The database is not empty, and it is not an installation of ${this.config.ISSUER}. It holds ${rows.join(', ')}. ` +
        'Nothing was changed. Use an empty, migrated database, or set ISSUER to the issuer of this one.',
    );
  }

  /** @throws Refusal when the provider could not authenticate apps by certificate. */
  private checkCertificates(certificates: object): void {
    if (Object.keys(certificates).length === 0 || certificateMethods(this.config).includes('tls_client_auth')) return;
    throw refusedState(
      'The provider gets no client certificates. Set MTLS_PORT, MTLS_URL and CLIENT_CA_PATH for it, or register the apps ' +
        'with secrets. Nothing was changed.',
    );
  }

  private async register(
    transaction: EntityManager,
    { urls, clientSecrets, certificates = {} }: SetupRequest,
    origin: RequestOrigin,
  ): Promise<void> {
    for (const [app, registrationOf] of [
      ['frontend', frontendClient],
      ['backend', backendClient],
    ] as const) {
      const subject = certificates[app];
      const client = registrationOf(urls, subject && byCertificate(subject));
      const { clientId, securityProfile } = client;
      await transaction.insert(Client, client);
      if (!subject) {
        const secretHash = sha256(clientSecrets.obtain(app));
        await transaction.insert(ClientSecret, { id: randomUUID(), clientId, secretHash, expiresAt: null });
      }
      const event = { type: 'client-registered', outcome: 'success', clientId, details: { securityProfile } } as const;
      await this.events.record({ ...event, ...origin }, transaction);
    }
    for (const server of [accountApi(urls), contactsApi(urls)]) {
      await transaction.insert(ResourceServer, server);
      const { identifier } = server;
      const event = { type: 'resource-server-created', outcome: 'success', details: { identifier } } as const;
      await this.events.record({ ...event, ...origin }, transaction);
    }
  }

  private async addAdministrator(
    transaction: EntityManager,
    email: string,
    passwordHash: string,
    origin: RequestOrigin,
  ): Promise<void> {
    const id = randomUUID();
    await transaction.insert(User, { id, email, emailVerified: true, passwordHash, administrator: true, claims: {} });
    const event = { type: 'user-created', outcome: 'success', userId: id, details: { administrator: 'true' } } as const;
    await this.events.record({ ...event, ...origin }, transaction);
  }
}
