import { applyAction, type Chain, Interleaving, NEW_CHAIN } from '@trefoil/testing';
import { providerUnavailable, RefreshRefusedError } from '../../provider-client/provider-errors.js';
import type { Tokens } from '../../provider-client/provider.js';

/**
 * What becomes of a request to the provider: it never arrives, its answer never comes, it arrives when the client has
 * given it up, it or its answer takes longer than a lock holds, or all is well.
 */
export type Fate = 'well' | 'lost' | 'answer lost' | 'late' | 'slow' | 'answer slow';

/** How many turns of everybody else something takes that is slow. */
const SLOW = 20;

/** The provider as the rules say it is, at the other end of a network that loses things. */
export class ModelProvider {
  chain: Chain = NEW_CHAIN;
  /** How many requests were sent, and how many were on their way at the same time at most. */
  requests = 0;
  mostAtOnce = 0;
  /** What ends when something takes long. */
  onSlowness: () => Promise<void> = async () => undefined;
  private onTheirWay = 0;
  private issued = 0;

  /**
   * @param fates of the requests, in order; after the last all is well.
   * @param shortLived whether the access tokens are due at once, in the order of their issue; after the last they are not.
   */
  constructor(
    private readonly run: Interleaving,
    private readonly fates: Fate[],
    private readonly shortLived: boolean[],
    private readonly isForgiving: boolean,
  ) {}

  /** The refresh token of a generation. */
  static token = (generation: number): string => `refresh-${generation}`;

  /** Whether a resource server takes an access token: any that was given, until the grant ends. */
  takes(accessToken: string): boolean {
    return this.chain.live && accessToken.startsWith('access-');
  }

  /** As `Provider.refresh`. */
  async refresh(refreshToken: string): Promise<Tokens> {
    const fate = this.fates.shift() ?? 'well';
    const arrive = this.send(refreshToken);
    this.requests += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.onTheirWay);
    try {
      if (fate === 'late') void this.run.start('late request', async () => void arrive());
      if (fate === 'late' || fate === 'lost') return await Interleaving.step(fate, async () => unavailable());
      if (fate === 'slow') await this.takeLong();
      const answer = await Interleaving.step('request arrives', async () => arrive());
      if (fate === 'answer slow') await this.takeLong();
      return await Interleaving.step('answer arrives', async () => (fate === 'answer lost' ? unavailable() : answer()));
    } finally {
      this.onTheirWay -= 1;
    }
  }

  /** Somebody presents a refresh token. */
  use(refreshToken: string): Tokens | undefined {
    const use = { kind: 'use', generation: generationOf(refreshToken), key: undefined } as const;
    const { chain, outcome } = applyAction(this.chain, use);
    this.chain = chain;
    if (typeof outcome !== 'number') return undefined;
    const lifetime = this.shortLived.shift() ? 0 : 600;
    return {
      accessToken: `access-${outcome}-${++this.issued}`,
      accessTokenExpiresAt: Math.floor(Date.now() / 1000) + lifetime,
      accessTokenLifetime: lifetime,
      refreshToken: ModelProvider.token(outcome),
    };
  }

  /** More time passes than a retry may take; not while a request is on its way, for no network keeps it that long. */
  pass(): void {
    if (this.onTheirWay === 0) this.chain = applyAction(this.chain, { kind: 'pass', halves: 2 }).chain;
  }

  /** From now on all is well. */
  heal(): void {
    this.fates.length = 0;
    this.shortLived.length = 0;
  }

  /**
   * Sends a request. One that was in order when it was sent, and is not when it arrives, for the client itself has gone on
   * meanwhile, is refused without consequences: no network keeps requests that long, and not every provider takes it for
   * a theft.
   */
  private send(refreshToken: string): () => () => Tokens {
    const wasInOrder = this.isInOrder(refreshToken);
    return () => {
      if (this.isForgiving && wasInOrder && !this.isInOrder(refreshToken)) return refused;
      const tokens = this.use(refreshToken);
      return () => tokens ?? refused();
    };
  }

  private async takeLong(): Promise<void> {
    await this.onSlowness();
    for (let turn = 0; turn < SLOW; turn++) await Interleaving.step('takes long', async () => undefined);
  }

  private isInOrder(refreshToken: string): boolean {
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
