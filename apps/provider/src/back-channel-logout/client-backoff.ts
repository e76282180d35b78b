import { retryDelay } from '../outbound/retry-delay.js';

/** Whether a client's endpoint answered a request, also with a refusal. */
export type Reachability = 'answered' | 'unreachable';

interface ClientState {
  /** The number of requests that are being sent. */
  sending: number;
  /** The number of failures in a row. Requests that failed at the same time count once. */
  failures: number;
  /** The end of the pause after the last failure, in milliseconds. */
  pausedUntil: number;
}

/**
 * Decides how many requests may be sent to each client: a few at a time, none for a growing while after its endpoint could
 * not be reached, and then one until it answers. So a client that is down takes no place from others.
 */
export class ClientBackoff {
  private readonly states = new Map<string, ClientState>();

  /** @param now Milliseconds on a clock. */
  constructor(
    private readonly most: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns how many more requests may be sent to each client that has fewer than the usual number left. */
  rooms(): ReadonlyMap<string, number> {
    return new Map([...this.states].map(([clientId, state]) => [clientId, this.roomOf(state)]));
  }

  /** Records that a request is being sent to a client. */
  begin(clientId: string): void {
    const state = this.states.get(clientId) ?? { sending: 0, failures: 0, pausedUntil: -Infinity };
    this.states.set(clientId, { ...state, sending: state.sending + 1 });
  }

  /** Records the result of a request for which {@link begin} was called. */
  end(clientId: string, reachability: Reachability): void {
    const { sending = 1, failures = 0, pausedUntil = -Infinity } = this.states.get(clientId) ?? {};
    const left = { sending: sending - 1, failures: 0, pausedUntil: -Infinity };
    if (reachability === 'unreachable')
      this.states.set(clientId, { ...left, ...this.pauseAfter(failures, pausedUntil) });
    else if (left.sending > 0) this.states.set(clientId, left);
    else this.states.delete(clientId);
  }

  private pauseAfter(failures: number, pausedUntil: number): Pick<ClientState, 'failures' | 'pausedUntil'> {
    if (pausedUntil > this.now()) return { failures, pausedUntil };
    return { failures: failures + 1, pausedUntil: this.now() + retryDelay(failures + 1) * 1000 };
  }

  private roomOf({ sending, failures, pausedUntil }: ClientState): number {
    if (pausedUntil > this.now()) return 0;
    return Math.max(0, (failures > 0 ? 1 : this.most) - sending);
  }
}
