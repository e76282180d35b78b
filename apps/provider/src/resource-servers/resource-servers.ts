import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { RecentlyRead } from '../database/recently-read.js';
import { ResourceServer } from './resource-server.entity.js';

/** The registered resource servers: few, so that all are read at once. */
@Injectable()
export class ResourceServers {
  private readonly recent: RecentlyRead<readonly ResourceServer[]>;

  constructor(@InjectRepository(ResourceServer) resourceServers: Repository<ResourceServer>) {
    this.recent = new RecentlyRead(() => resourceServers.find({ order: { identifier: 'ASC' } }));
  }

  async all(): Promise<readonly ResourceServer[]> {
    return (await this.recent.find('all')) ?? [];
  }

  async find(identifier: string): Promise<ResourceServer | undefined> {
    return (await this.all()).find((server) => server.identifier === identifier);
  }

  /** The server to which a scope belongs. */
  async findByScope(scope: string): Promise<ResourceServer | undefined> {
    return (await this.all()).find((server) => server.scopes.some(({ name }) => name === scope));
  }
}
