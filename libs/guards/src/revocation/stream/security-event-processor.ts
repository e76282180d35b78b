import { Logger } from '@nestjs/common';
import type { ReportedRevocation, RevocationFeed } from '../list/revocation-feed.js';
import { RefusedEventError, type SecurityEvent } from './security-event.js';
import { type SecurityEventTokenVerifier, UnknownKeyError } from './security-event-token-verifier.js';
import type { PollAnswer, PollResults } from './transmitter-client.js';

/** A SET with an unknown key is not refused for this long, because its key may have been published only recently. */
const WAIT_FOR_KEY_MILLISECONDS = 90_000;
/** The maximum number of SETs that wait for their key at the same time. */
const MOST_WAITING = 1000;

/** Processes the security event tokens (SETs) of a poll, and decides which are acknowledged and which are refused. */
export class SecurityEventProcessor {
  private readonly logger = new Logger(SecurityEventProcessor.name);
  /** The ids of SETs with an unknown key, each with the time at which it was first received. */
  private readonly waitingForKey = new Map<string, number>();

  /** @param now Milliseconds on a monotonic clock. */
  constructor(
    private readonly verifier: Pick<SecurityEventTokenVerifier, 'verify'>,
    private readonly feed: Pick<RevocationFeed, 'hasSet' | 'append'>,
    private readonly onRefused: () => void,
    private readonly now: () => number,
  ) {}

  /**
   * Verifies SETs and appends their revocations to the feed. A SET is acknowledged only after its revocation is stored. A SET
   * that was stored before is acknowledged again.
   *
   * @returns the results for the next poll; `isComplete` is false when a SET is neither acknowledged nor refused yet.
   * @throws DependencyUnavailableError when the keys are not available; rethrows the errors of the store.
   */
  async process(sets: PollAnswer['sets']): Promise<{ results: PollResults; isComplete: boolean }> {
    const ack: string[] = [];
    const setErrs: Record<string, { err: string; description: string }> = {};
    const events: SecurityEvent[] = [];
    for (const [id, set] of Object.entries(sets)) {
      if (this.feed.hasSet(id)) {
        ack.push(id);
        continue;
      }
      try {
        events.push(await this.verifier.verify(id, set));
        this.waitingForKey.delete(id);
        ack.push(id);
      } catch (error) {
        if (!(error instanceof RefusedEventError)) throw error;
        if (error instanceof UnknownKeyError && this.mayWait(id)) continue;
        this.recordRefusal(id, error);
        setErrs[id] = { err: error.code, description: error.message };
      }
    }
    await this.feed.append(events.filter(hasRevocation));
    const decided = ack.length + Object.keys(setErrs).length;
    return { results: { ack, setErrs }, isComplete: decided === Object.keys(sets).length };
  }

  private mayWait(id: string): boolean {
    const since = this.waitingForKey.get(id) ?? this.now();
    this.waitingForKey.set(id, since);
    const [oldest] = this.waitingForKey.keys();
    if (this.waitingForKey.size > MOST_WAITING && oldest !== undefined) this.waitingForKey.delete(oldest);
    return this.now() - since < WAIT_FOR_KEY_MILLISECONDS;
  }

  private recordRefusal(id: string, { message }: RefusedEventError): void {
    this.waitingForKey.delete(id);
    this.onRefused();
    this.logger.warn(`A security event token is refused: ${message}`);
  }
}

const hasRevocation = (event: SecurityEvent): event is ReportedRevocation => event.revocation !== undefined;
