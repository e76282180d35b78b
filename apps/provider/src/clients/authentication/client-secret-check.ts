import { Injectable } from '@nestjs/common';
import { ClientSecretUses } from '../client-secret-uses.js';
import type { Client } from '../client.entity.js';
import { Clients, secretOf } from '../clients.js';

/** Checks the secrets that clients present, however they present them. */
@Injectable()
export class ClientSecretCheck {
  constructor(
    private readonly clients: Clients,
    private readonly uses: ClientSecretUses,
  ) {}

  /**
   * Whether a secret is one of a client's. One that is not known is looked for anew: it may have been made a moment ago, by
   * another replica. That is done for unknown clients too, so that it takes as long.
   *
   * @param client Null when it is unknown, or authenticates otherwise.
   */
  async isGood(clientId: string, client: Client | null, secret: string): Promise<boolean> {
    const found = secretOf(client, secret) ?? secretOf(await this.readAgain(clientId, client), secret);
    if (found) this.uses.note(found);
    return found !== undefined;
  }

  private async readAgain(clientId: string, client: Client | null): Promise<Client | null> {
    this.clients.forget(clientId);
    const current = await this.clients.find(clientId);
    return client && current;
  }
}
