import { Inject, Injectable, Logger } from '@nestjs/common';
import { counter } from '@trefoil/server-kit';
import { CONFIG, type ProviderConfig } from '../config.js';
import { Clients } from '../clients/clients.js';
import { LogoutDeliveries } from '../sessions/logout-deliveries.js';
import type { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { OutboundError, OutboundFetcher } from '../outbound/outbound-fetcher.js';
import type { Reachability } from './client-backoff.js';
import { LogoutTokenIssuer } from './logout-token-issuer.js';
import { retryDelay } from '../outbound/retry-delay.js';

/** Sends one logout token and stores the outcome (OpenID Connect Back-Channel Logout §2.5, §2.8). */
@Injectable()
export class LogoutSender {
  /** The metric that counts the attempts. */
  readonly attempts = counter('logout_deliveries_total', 'Attempts to deliver a logout token, by outcome', ['outcome']);
  private readonly logger = new Logger(LogoutSender.name);

  constructor(
    private readonly clients: Clients,
    private readonly tokens: LogoutTokenIssuer,
    private readonly fetcher: OutboundFetcher,
    private readonly deliveries: LogoutDeliveries,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'LOGOUT_DELIVERY_PERIOD'>,
  ) {}

  /**
   * Makes one attempt. After a failure, schedules the next attempt or, when the delivery is too old, gives up. Gives up all old
   * deliveries to a client that cannot be reached, because few of them are tried.
   *
   * @returns whether the endpoint of the client answered; a client without an endpoint counts as one that answered.
   */
  async send(delivery: LogoutDelivery): Promise<Reachability> {
    const client = await this.clients.find(delivery.clientId);
    if (!client?.backchannelLogoutUri) {
      await this.giveUp(delivery, 'the client accepts no logout tokens any more');
      return 'answered';
    }
    const logout_token = await this.tokens.issue(client, delivery);
    const { failure, reachability } = await this.post(client.backchannelLogoutUri, { logout_token });
    if (failure === undefined) {
      await this.deliveries.markDelivered(delivery);
      this.attempts.inc({ outcome: 'delivered' });
      return reachability;
    }
    await this.recordFailure(delivery, failure);
    if (reachability === 'unreachable') await this.giveUpOld(delivery.clientId, failure);
    return reachability;
  }

  private async recordFailure(delivery: LogoutDelivery, failure: string): Promise<void> {
    const delay = retryDelay(delivery.attempts);
    const giveUpAt = delivery.createdAt.getTime() + this.config.LOGOUT_DELIVERY_PERIOD * 1000;
    if (Date.now() + delay * 1000 > giveUpAt) return this.giveUp(delivery, failure);
    await this.deliveries.markFailed(delivery, failure, delay);
    this.attempts.inc({ outcome: 'failed' });
    this.logger.warn(`${describe(delivery)} was not delivered at attempt ${delivery.attempts}: ${failure}`);
  }

  private async giveUp(delivery: LogoutDelivery, reason: string): Promise<void> {
    await this.deliveries.markGivenUp(delivery, reason);
    this.attempts.inc({ outcome: 'given up' });
    this.logger.error(`${describe(delivery)} was given up after ${delivery.attempts} attempts: ${reason}`);
  }

  private async giveUpOld(clientId: string, reason: string): Promise<void> {
    const count = await this.deliveries.giveUpOlder(clientId, this.config.LOGOUT_DELIVERY_PERIOD, reason);
    if (count === 0) return;
    this.attempts.inc({ outcome: 'given up' }, count);
    this.logger.error(
      `${count} logout tokens for client ${clientId} were given up, because it is not reachable: ${reason}`,
    );
  }

  /** Posts the token. Returns the reason of a failure; undefined when the client accepted the token. */
  private async post(uri: string, form: { logout_token: string }): Promise<PostResult> {
    try {
      const status = await this.fetcher.postForm(uri, form);
      if (status === 200 || status === 204) return { reachability: 'answered' };
      const reachability = status >= 500 || status === 429 ? 'unreachable' : 'answered';
      return { reachability, failure: `the response status was ${status}` };
    } catch (error) {
      if (error instanceof OutboundError) return { reachability: 'unreachable', failure: error.message };
      throw error;
    }
  }
}

interface PostResult {
  readonly reachability: Reachability;
  readonly failure?: string;
}

const describe = ({ clientId, sessionId }: LogoutDelivery): string =>
  `The logout token for session ${sessionId} and client ${clientId}`;
