import { applyAction, type Chain, Interleaving, NEW_CHAIN } from '@trefoil/testing';
import type { Tokens } from '../../provider-client/provider-client.js';
import { providerUnavailable, RefreshRefusedError } from '../../provider-client/provider-errors.js';

/**
 * The fate of a request to the provider: `lost` and `answer lost` never arrive, `late` arrives after the client has given
 * up, `slow` and `answer slow` take longer than a lock lasts, and `well` succeeds.
 */
export type Fate = 'well' | 'lost' | 'answer lost' | 'late' | 'slow' | 'answer slow';

/** The number of turns of other tasks that something slow takes. */
const SLOW = 20;

/** A model of the provider, behind a network that loses and delays messages. */
export class ModelProvider {
  chain: Chain = NEW_CHAIN;
  /** The number of requests so far. */
  requests = 0;
  /** The largest number of requests at the same time. */
  mostAtOnce = 0;
  /** Is called when a request or an answer is slow. */
  onSlowness: () => Promise<void> = async () => undefined;
  private inFlight = 0;
  private issued = 0;

  /**
   * @param fates The fates of the requests, in order. Further requests succeed.
   * @param shortLived For each issued access token, whether it is due at once. Further tokens are not.
   * @param isForgiving Whether a request that became outdated on its way is refused without ending the grant.
   */
  constructor(
    private readonly run: Interleaving,
    private readonly fates: Fate[],
    private readonly shortLived: boolean[],
    private readonly isForgiving: boolean,
  ) {}

  /** Returns the refresh token of a generation. */
  static token = (generation: number): string => `refresh-${generation}`;

  /** Behaves like `ProviderClient.refresh`. */
  async refresh(refreshToken: string, resource: string): Promise<Tokens> {
    const fate = this.fates.shift() ?? 'well';
    const arrive = this.send(refreshToken, resource);
    this.requests += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.inFlight);
    try {
      if (fate === 'late') void this.run.start('late request', async () => void arrive());
      if (fate === 'late' || fate === 'lost') return await Interleaving.step(fate, async () => unavailable());
      if (fate === 'slow') await this.beSlow();
      const answer = await Interleaving.step('request arrives', async () => arrive());
      if (fate === 'answer slow') await this.beSlow();
      return await Interleaving.step('answer arrives', async () => (fate === 'answer lost' ? unavailable() : answer()));
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Redeems a refresh token for an access token of an API. Returns undefined when it is refused. */
  use(refreshToken: string, resource: string): Tokens | undefined {
    const use = { kind: 'use', generation: generationOf(refreshToken), key: undefined } as const;
    const { chain, outcome } = applyAction(this.chain, use);
    this.chain = chain;
    if (typeof outcome !== 'number') return undefined;
    const lifetime = this.shortLived.shift() ? 0 : 600;
    return {
      accessToken: {
        value: `access-${resource}-${outcome}-${++this.issued}`,
        expiresAt: Math.floor(Date.now() / 1000) + lifetime,
        lifetime,
      },
      refreshToken: ModelProvider.token(outcome),
    };
  }

  /**
   * Lets more time pass than the provider repeats an answer. Does nothing while a request is in flight, because no network
   * delays a request that long.
   */
  letTimePass(): void {
    if (this.inFlight === 0) this.chain = applyAction(this.chain, { kind: 'pass', halves: 2 }).chain;
  }

  /** Lets all further requests succeed. */
  heal(): void {
    this.fates.length = 0;
    this.shortLived.length = 0;
  }

  /**
   * Sends a request and returns the function that lets it arrive.
   *
   * A request can become outdated on its way, because the client has refreshed again in the meantime. It is then refused
   * without consequences: no network delays a request that long, and not every provider treats this as theft.
   */
  private send(refreshToken: string, resource: string): () => () => Tokens {
    const wasCurrent = this.isCurrent(refreshToken);
    return () => {
      if (this.isForgiving && wasCurrent && !this.isCurrent(refreshToken)) return refused;
      const tokens = this.use(refreshToken, resource);
      return () => tokens ?? refused();
    };
  }

  private async beSlow(): Promise<void> {
    await this.onSlowness();
    for (let turn = 0; turn < SLOW; turn++) await Interleaving.step('takes long', async () => undefined);
  }

  private isCurrent(refreshToken: string): boolean {
    const behind = this.chain.newest - generationOf(refreshToken);
    return behind === 0 || (behind === 1 && this.chain.halves < 2);
  }
}

const generationOf = (refreshToken: string): number => Number(refreshToken.replace('refresh-', ''));

const unavailable = (): never => {
  throw providerUnavailable(new Error('a request or its answer was lost'));
};

const refused = (): never => {
  throw new RefreshRefusedError('invalid_grant');
};
