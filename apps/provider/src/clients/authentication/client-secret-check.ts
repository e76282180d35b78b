import { Injectable } from '@nestjs/common';
import type { Client } from '../client.entity.js';
import { Clients } from '../clients.js';
import { ClientSecretUses } from '../secrets/client-secret-uses.js';
import { matchingSecret } from '../secrets/client-secrets.js';

/** Checks the secrets that clients present with either of the two methods. */
@Injectable()
export class ClientSecretCheck {
  constructor(
    private readonly clients: Clients,
    private readonly uses: ClientSecretUses,
  ) {}

  /**
   * Returns whether a secret belongs to a client. Reads the client again when it does not, because another replica may just
   * have added the secret. Reads unknown clients again as well, so that the time reveals nothing.
   *
   * @param client null when the client is unknown or registered for another method.
   */
  async matches(clientId: string, client: Client | null, secret: string): Promise<boolean> {
    const found = matchingSecret(client, secret) ?? matchingSecret(await this.readAgain(clientId, client), secret);
    if (found) this.uses.note(found);
    return found !== undefined;
  }

  private async readAgain(clientId: string, client: Client | null): Promise<Client | null> {
    this.clients.forget(clientId);
    const current = await this.clients.find(clientId);
    return client && current;
  }
}
