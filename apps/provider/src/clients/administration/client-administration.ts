import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, usesClientSecret } from '@trefoil/oauth-protocol';
import { transportPolicy } from '@trefoil/server-kit';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { noSuchObject, refusedState, refusedValue } from '../../http/refusal.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { OutboundFetcher } from '../../outbound/outbound-fetcher.js';
import { ResourceServers } from '../../resource-servers/resource-servers.js';
import { ClientRegistrations, type SecretChange } from '../client-registrations.js';
import { Client } from '../client.entity.js';
import { isUrl } from '../metadata-documents/document-url.js';
import { checkChosenSecret } from '../secrets/chosen-secret.js';
import { ClientSecrets, type ClientSecretSummary, type NewClientSecret } from '../secrets/client-secrets.js';
import { type ClientSurroundings, contentAfter } from './client-content.js';
import type { ClientInput, ClientPatch } from './client-input.js';
import { clientJson } from './client-json.js';

/** A client, and its secret if it has a new one. It can be shown only now, because only its hash is stored. */
export interface ClientWithSecret {
  readonly client: Client;
  readonly secret?: string;
}

/** Which clients a list contains: those after an id, at most so many; all of them without a limit. */
export interface ClientPageRequest {
  readonly after?: string | undefined;
  /** A text that the id or the name contains, in any case. */
  readonly search?: string | undefined;
  readonly limit?: number;
}

/** Throws when a client is not in the state that a change starts from, such as with a wrong `If-Match`. */
export type ClientPrecondition = (present: Client) => void;

const noPrecondition = (): void => undefined;

/** Finds, registers, changes and deletes clients for administrators, disabled clients included. */
@Injectable()
export class ClientAdministration {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registrations: ClientRegistrations,
    private readonly secrets: ClientSecrets,
    private readonly resourceServers: ResourceServers,
    private readonly outbound: OutboundFetcher,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'NODE_ENV' | 'PLAIN_HTTP_ORIGINS'>,
  ) {}

  /**
   * Finds a client by its id.
   *
   * @throws Refusal `not-found`
   */
  async find(clientId: string): Promise<Client> {
    const isText = !clientId.includes('\0');
    const client = isText ? await this.dataSource.manager.findOneBy(Client, { clientId }) : null;
    if (!client) throw noSuchClient(clientId);
    return client;
  }

  /** Returns the clients that follow an id, in the order of their ids. */
  page({ after = '', search = '', limit }: ClientPageRequest = {}): Promise<Client[]> {
    return this.dataSource.manager
      .createQueryBuilder(Client, 'client')
      .where('client.clientId > :after', { after })
      .andWhere(`strpos(lower(concat_ws(' ', client.clientId, client.clientName)), lower(:search)) > 0`, { search })
      .orderBy('client.clientId')
      .limit(limit)
      .getMany();
  }

  /**
   * Registers a client. Generates its secret when it needs one and none is given.
   *
   * @throws Refusal that names the member.
   */
  async create(input: ClientInput, origin: RequestOrigin): Promise<ClientWithSecret> {
    const { client_id: clientId = randomUUID(), client_secret: chosen, ...members } = input;
    const content = await contentAfter(clientId, members, undefined, await this.surroundings());
    const secret = this.firstSecret(content.tokenEndpointAuthMethod, chosen);
    const change: SecretChange = secret === undefined ? 'remove' : { replaceBy: secret };
    return withSecret(await this.registrations.create(content, change, origin), secret);
  }

  /**
   * Changes a client. A client that begins to authenticate with a secret gets one; one that no longer does loses them all.
   *
   * @throws Refusal that names the member; `conflict` when the client is changed at the same time.
   */
  async update(
    clientId: string,
    patch: ClientPatch,
    origin: RequestOrigin,
    precondition: ClientPrecondition = noPrecondition,
  ): Promise<ClientWithSecret> {
    const present = await this.find(clientId);
    precondition(present);
    if (isUrl(clientId)) throw refusedState('The registration of this client is the document at its client_id.');
    const content = await contentAfter(clientId, patch, present, await this.surroundings());
    const needsSecret = usesClientSecret(content.tokenEndpointAuthMethod);
    const hadSecret = usesClientSecret(present.tokenEndpointAuthMethod);
    const secret = needsSecret && !hadSecret ? randomSecret() : undefined;
    const kept: SecretChange = needsSecret ? 'keep' : 'remove';
    const change = { content, secret: secret === undefined ? kept : { replaceBy: secret }, origin };
    // The rules may wait for another server, so the client is locked only after them.
    const client = await this.registrations.replace(change, (locked) => {
      if (isDeepStrictEqual(clientJson(locked), clientJson(present))) return true;
      throw refusedState('The client was changed at the same time. Repeat your change.');
    });
    if (!client) throw noSuchClient(clientId);
    return withSecret(client, secret);
  }

  /**
   * Deletes a client with its secrets, consents and grants, which ends its tokens.
   *
   * @throws Refusal `not-found`
   */
  async remove(
    clientId: string,
    origin: RequestOrigin,
    precondition: ClientPrecondition = noPrecondition,
  ): Promise<void> {
    await this.find(clientId);
    if (!(await this.registrations.remove(clientId, origin, precondition))) throw noSuchClient(clientId);
  }

  /**
   * Returns the secrets of a client, the newest first.
   *
   * @throws Refusal `not-found`
   */
  async listSecrets(clientId: string): Promise<ClientSecretSummary[]> {
    await this.find(clientId);
    return this.secrets.list(clientId);
  }

  /**
   * Gives a client a new secret. All others expire after the overlap in seconds.
   *
   * @throws Refusal `not-found`; `conflict` when the client does not authenticate with a secret.
   */
  async rotateSecret(
    clientId: string,
    overlap: { readonly overlapSeconds: number },
    origin: RequestOrigin,
  ): Promise<NewClientSecret> {
    const { tokenEndpointAuthMethod: method } = await this.find(clientId);
    if (!usesClientSecret(method)) {
      throw refusedState(`${clientId} has no secrets: it authenticates with ${method}.`);
    }
    return this.secrets.rotate(clientId, overlap, origin);
  }

  private firstSecret(method: Client['tokenEndpointAuthMethod'], chosen: string | undefined): string | undefined {
    if (!usesClientSecret(method)) {
      if (chosen === undefined) return undefined;
      throw refusedValue('client_secret', `must not be given to a client that authenticates with ${method}`);
    }
    if (chosen !== undefined) checkChosenSecret(chosen, this.config);
    return chosen ?? randomSecret();
  }

  private async surroundings(): Promise<ClientSurroundings> {
    const resourceServers = await this.resourceServers.all();
    return { resourceServers, outbound: this.outbound, transport: transportPolicy(this.config) };
  }
}

const noSuchClient = (clientId: string) => noSuchObject(`There is no client ${JSON.stringify(clientId)}.`);

const withSecret = (client: Client, secret: string | undefined): ClientWithSecret => ({
  client,
  ...(secret !== undefined && { secret }),
});
