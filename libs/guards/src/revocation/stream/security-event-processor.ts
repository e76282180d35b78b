import { Logger } from '@nestjs/common';
import { RefusedEventError } from './refused-event-error.js';
import type { RevocationFeed } from '../list/revocation-feed.js';
import { type SecurityEvent, type SecurityEventReader, UnknownKeyError } from './security-event-token-verifier.js';
import type { PollAnswer, PollResults } from './transmitter-client.js';

/** A SET whose key is not known is left where it is for so long: the key may have been published only now. */
const WAIT_FOR_KEY_MILLISECONDS = 90_000;

/** Takes the SETs that a poll brought, and says which of them the transmitter may forget. */
export class EventIntake {
  private readonly log = new Logger(EventIntake.name);
  /** The SETs whose keys are not known, and since when. */
  private readonly waiting = new Map<string, number>();

  /** @param now Milliseconds on a clock that only runs forwards. */
  constructor(
    private readonly reader: Pick<SecurityEventReader, 'read'>,
    private readonly feed: Pick<RevocationFeed, 'hasTaken' | 'append'>,
    private readonly onRefused: () => void,
    private readonly now: () => number,
  ) {}

  /**
   * Verifies SETs and writes down what they end; only then are they acknowledged. One that came before is only acknowledged
   * again.
   *
   * @returns `isWhole` when none of them was left for later.
   * @throws DependencyUnavailableError when they cannot be verified, and whatever keeps them from being written down.
   */
  async take(sets: PollAnswer['sets']): Promise<{ results: PollResults; isWhole: boolean }> {
    const ack: string[] = [];
    const setErrs: Record<string, { err: string; description: string }> = {};
    const events: SecurityEvent[] = [];
    for (const [id, set] of Object.entries(sets)) {
      if (this.feed.hasTaken(id)) {
        ack.push(id);
        continue;
      }
      try {
        events.push(await this.reader.read(id, set));
        this.waiting.delete(id);
        ack.push(id);
      } catch (error) {
        if (!(error instanceof RefusedEventError)) throw error;
        if (error instanceof UnknownKeyError && this.mayWait(id)) continue;
        this.refused(id, error);
        setErrs[id] = { err: error.code, description: error.message };
      }
    }
    await this.feed.append(events);
    const decided = ack.length + Object.keys(setErrs).length;
    return { results: { ack, setErrs }, isWhole: decided === Object.keys(sets).length };
  }

  private mayWait(id: string): boolean {
    const since = this.waiting.get(id) ?? this.now();
    this.waiting.set(id, since);
    return this.now() - since < WAIT_FOR_KEY_MILLISECONDS;
  }

  private refused(id: string, { message }: RefusedEventError): void {
    this.waiting.delete(id);
    this.onRefused();
    this.log.warn(`A security event is refused: ${message}`);
  }
}
