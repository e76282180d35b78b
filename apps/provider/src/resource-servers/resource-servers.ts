import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { RecentlyRead } from '../database/recently-read.js';
import { ResourceServer } from './resource-server.entity.js';

/** Finds registered resource servers. All of them are read at once and cached, because there are few. */
@Injectable()
export class ResourceServers {
  private readonly recent: RecentlyRead<readonly ResourceServer[]>;

  constructor(@InjectRepository(ResourceServer) resourceServers: Repository<ResourceServer>) {
    this.recent = new RecentlyRead(() => resourceServers.find({ order: { identifier: 'ASC' } }));
  }

  /** Returns all resource servers, ordered by identifier. */
  async all(): Promise<readonly ResourceServer[]> {
    return (await this.recent.find('all')) ?? [];
  }

  /** Removes the resource servers from the cache, after this replica changed one. */
  forget(): void {
    this.recent.forgetAll();
  }

  /** Returns the resource server with an identifier; undefined when there is none. */
  async find(identifier: string): Promise<ResourceServer | undefined> {
    return (await this.all()).find((server) => server.identifier === identifier);
  }

  /** Returns the resource server that defines a scope; undefined when there is none. */
  async findByScope(scope: string): Promise<ResourceServer | undefined> {
    return (await this.all()).find((server) => server.scopes.some(({ name }) => name === scope));
  }
}
