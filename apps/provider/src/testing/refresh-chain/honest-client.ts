import { type Interleaving } from '@trefoil/testing';
import type { ChainUnderTest } from './chain-under-test.js';

/** One of several concurrent requests of browser tabs with the same refresh token. */
export interface TabRequest {
  readonly replica: number;
  /** Whether the response is lost after the provider has processed the request. */
  readonly lost: boolean;
}

/** A client that keeps one refresh token and always uses the newest one that it received. */
export class HonestClient {
  isSignedOut = false;
  /** The newest token that it received. */
  token: string;

  constructor(private readonly chain: ChainUnderTest) {
    this.token = chain.tokens[0] ?? '';
  }

  /**
   * Refreshes from several tabs at once, in an interleaving if one is given, and once more if every response was lost.
   */
  async refresh(tabs: readonly TabRequest[] = [], run?: Interleaving): Promise<void> {
    const spent = this.token;
    const request = async ({ replica, lost }: TabRequest) => {
      const successor = await this.chain.use('client', spent, replica);
      if (!lost) this.take(successor);
    };
    const start = (tab: TabRequest) => (run ? run.start('tab', () => request(tab)) : request(tab));
    await Promise.all(tabs.map(start));
    if (this.token === spent && !this.isSignedOut) await request({ replica: 0, lost: false });
  }

  private take(successor: string | undefined): void {
    if (successor === undefined) this.isSignedOut = true;
    else this.token = successor;
  }
}
