import { Inject, Injectable } from '@nestjs/common';
import { transportPolicy } from '@trefoil/server-kit';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from '../config.js';
import { noSuchObject, parseOrRefuse, refusedState, refusedValue } from '../http/refusal.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { checkIdentifier, otherSpelling } from './check-identifier.js';
import { checkAccountScopes, checkScopes } from './check-scopes.js';
import {
  contentOf,
  NewResourceServer,
  type ResourceServerContent,
  ResourceServerPatch,
} from './resource-server-json.js';
import { ResourceServer } from './resource-server.entity.js';
import { ResourceServers } from './resource-servers.js';

/** Throws when the present state of an object does not allow its change, such as a wrong `If-Match`. */
export type Precondition<T> = (present: T) => void;

const noPrecondition = (): void => undefined;

/** Registers, changes and deletes resource servers. Every replica sees a change within a second. */
@Injectable()
export class ResourceServerRegistrations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly resourceServers: ResourceServers,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER' | 'NODE_ENV' | 'PLAIN_HTTP_ORIGINS'>,
  ) {}

  /** Returns the resource servers that follow an identifier, in the order of their identifiers. */
  page({ after = '', limit }: { after?: string; limit: number }): Promise<ResourceServer[]> {
    const order = { identifier: 'ASC' } as const;
    return this.dataSource.manager.find(ResourceServer, { where: { identifier: MoreThan(after) }, order, take: limit });
  }

  /**
   * Returns the resource server with an identifier, without the cache.
   *
   * @throws Refusal `not-found`
   */
  async find(identifier: string, manager: EntityManager = this.dataSource.manager): Promise<ResourceServer> {
    const isText = !identifier.includes('\0');
    const server = isText ? await manager.findOneBy(ResourceServer, { identifier }) : null;
    if (!server) throw noSuchObject(`There is no resource server ${JSON.stringify(identifier)}.`);
    return server;
  }

  /**
   * Registers a resource server.
   *
   * @param transaction the transaction of the caller, to register several things together.
   * @throws Refusal that names the member.
   */
  async create(input: NewResourceServer, origin: RequestOrigin, transaction?: EntityManager): Promise<ResourceServer> {
    const { identifier, ...body } = parseOrRefuse(NewResourceServer, input);
    checkIdentifier(identifier, transportPolicy(this.config));
    return this.change(transaction, async (manager, all) => {
      const taken = all.find((server) => [identifier, otherSpelling(identifier)].includes(server.identifier));
      if (taken) throw refusedState(`The resource server ${taken.name} has this identifier.`, 'identifier');
      const content = { identifier, ...contentOf(body) };
      await this.check(content, undefined, all, manager);
      await manager.insert(ResourceServer, content);
      await this.record('resource-server-created', { identifier }, origin, manager);
      return this.find(identifier, manager);
    });
  }

  /**
   * Changes the members that a patch contains.
   *
   * @throws Refusal that names the member, or says that there is no such server.
   */
  async update(
    identifier: string,
    input: ResourceServerPatch,
    origin: RequestOrigin,
    precondition: Precondition<ResourceServer> = noPrecondition,
  ): Promise<ResourceServer> {
    const patch = parseOrRefuse(ResourceServerPatch, input);
    return this.change(undefined, async (manager, all) => {
      const present = await this.find(identifier, manager);
      precondition(present);
      const changed = contentOf(patch);
      if (Object.keys(changed).length === 0) return present;
      await this.check({ ...present, ...changed }, present, all, manager);
      await manager.update(ResourceServer, { identifier }, changed);
      const details = { identifier, members: Object.keys(patch).join(' ') };
      await this.record('resource-server-updated', details, origin, manager);
      return this.find(identifier, manager);
    });
  }

  /**
   * Deletes a resource server. No more tokens are issued for it; those that exist are accepted until they expire.
   *
   * @throws Refusal when it is the account API, or when there is no such server.
   */
  async remove(
    identifier: string,
    origin: RequestOrigin,
    precondition: Precondition<ResourceServer> = noPrecondition,
  ): Promise<void> {
    await this.change(undefined, async (manager) => {
      precondition(await this.find(identifier, manager));
      if (identifier === accountApiIdentifier(this.config)) {
        throw refusedState('The account API cannot be deleted: sign-in and the pages of users need it.');
      }
      await manager.delete(ResourceServer, { identifier });
      await this.record('resource-server-removed', { identifier }, origin, manager);
    });
  }

  /** Checks what a resource server refers to. References that it has already may be outdated. */
  private async check(
    { identifier, scopes, userClients, clientId }: ResourceServerContent & { identifier: string },
    present: ResourceServer | undefined,
    all: readonly ResourceServer[],
    manager: EntityManager,
  ): Promise<void> {
    checkScopes(
      scopes,
      all.filter((server) => server.identifier !== identifier),
    );
    if (identifier === accountApiIdentifier(this.config)) checkAccountScopes(scopes);
    const added = (userClients ?? []).filter((id) => !present?.userClients?.includes(id));
    const unknown = await firstUnknownClient(added, manager);
    if (unknown !== undefined) throw refusedValue('user_clients', `names a client that does not exist: ${unknown}`);
    if (clientId !== null && clientId !== present?.clientId) {
      if ((await firstUnknownClient([clientId], manager)) !== undefined) {
        throw refusedValue('client_id', `names a client that does not exist: ${clientId}`);
      }
    }
  }

  /** Runs a change while no other process changes resource servers, because scopes must be unique among all of them. */
  private async change<T>(
    transaction: EntityManager | undefined,
    work: (manager: EntityManager, all: readonly ResourceServer[]) => Promise<T>,
  ): Promise<T> {
    const locked = async (manager: EntityManager): Promise<T> => {
      await manager.query('LOCK TABLE resource_servers IN SHARE ROW EXCLUSIVE MODE');
      return work(manager, await manager.find(ResourceServer));
    };
    const result = await (transaction ? locked(transaction) : this.dataSource.transaction(locked));
    this.resourceServers.forget();
    return result;
  }

  private record(
    type: 'resource-server-created' | 'resource-server-updated' | 'resource-server-removed',
    details: Record<string, string>,
    origin: RequestOrigin,
    manager: EntityManager,
  ): Promise<void> {
    return this.events.record({ type, outcome: 'success', details, ...origin }, manager);
  }
}

async function firstUnknownClient(ids: readonly string[], manager: EntityManager): Promise<string | undefined> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM unnest($1::text[]) AS id WHERE NOT EXISTS (SELECT FROM clients WHERE client_id = id) LIMIT 1`,
    [ids.map((id) => id.replaceAll('\0', '\uFFFD'))],
  );
  return rows[0]?.id;
}
