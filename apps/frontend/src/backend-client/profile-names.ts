import { Injectable } from '@nestjs/common';
import type { NameSource, Session } from '@trefoil/web-server';
import { BackendClient } from './backend-client.js';

/** Takes the names of users from their profiles. */
@Injectable()
export class ProfileNames implements NameSource {
  constructor(private readonly backend: BackendClient) {}

  async nameOf(session: Session): Promise<string | undefined> {
    const { account } = await this.backend.profile(session);
    return account.name ?? account.email;
  }
}
