import { RequestRefused } from '@trefoil/service-client';
import type { StateStore } from '@trefoil/state-store';
import type { EventStream, TransmitterClient } from './transmitter-client.js';

/** Reports that the state store no longer has the id of the stream, and so has lost the revocations that it delivered. */
export class StreamLostError extends Error {
  override readonly name = 'StreamLostError';
}

/**
 * Finds the stream of a resource server, or creates it.
 *
 * A stream is used only while the state store has its id. When the store has lost the id, it has also lost the revocations
 * that the stream delivered; a new stream begins with all of them that can still matter.
 *
 * Other installations of the resource server, such as one in another region, may use the same client with a state store of
 * their own. Each has its own stream, so a stream of which this store does not have the id may be in use.
 */
export class StreamFinder {
  constructor(
    private readonly transmitter: TransmitterClient,
    private readonly store: StateStore,
    private readonly options: { readonly resource: string; readonly keptSeconds: number },
  ) {}

  /** Returns the enabled stream of this installation. Must run on one replica at a time. */
  async findOrCreate(signal: AbortSignal): Promise<EventStream> {
    const description = `Revocations for ${this.options.resource}`;
    const knownId = (await this.store.get<string>(this.key))?.value;
    const streams = await this.transmitter.streams(description, signal);
    const known = streams.find(({ stream_id }) => stream_id === knownId);
    const stream = known ?? (await this.create(description, streams, signal));
    await this.store.set(this.key, stream.stream_id, this.options.keptSeconds);
    await this.transmitter.enable(stream, signal);
    return stream;
  }

  /**
   * Creates a stream. If the transmitter allows no more streams, it deletes one first: one that is not enabled and so has no
   * active receiver, otherwise the oldest. An installation that still used the oldest one creates another stream, which
   * begins with all revocations that can still matter.
   */
  private async create(description: string, others: readonly EventStream[], signal: AbortSignal): Promise<EventStream> {
    try {
      return await this.transmitter.create(description, signal);
    } catch (error) {
      const isLimitReached = error instanceof RequestRefused && error.status === 409;
      const unused = isLimitReached ? await this.leastUsed(others, signal) : undefined;
      if (!unused) throw error;
      await this.transmitter.delete(unused, signal);
      return this.transmitter.create(description, signal);
    }
  }

  /** @param streams ordered by their creation. */
  private async leastUsed(streams: readonly EventStream[], signal: AbortSignal): Promise<EventStream | undefined> {
    for (const stream of streams) if (!(await this.transmitter.isEnabled(stream, signal))) return stream;
    return streams[0];
  }

  /**
   * Keeps the id of the stream for as long as the revocations that it has delivered by now.
   *
   * @throws StreamLostError when the store does not have the id.
   */
  async keep({ stream_id }: EventStream): Promise<void> {
    const known = await this.store.get<string>(this.key);
    const isKept =
      known?.value === stream_id &&
      (await this.store.compareAndSet(this.key, known.version, stream_id, this.options.keptSeconds));
    if (!isKept) throw new StreamLostError('the state store has lost the stream, which is replaced');
  }

  private get key(): string {
    return `revocation stream of ${this.options.resource}`;
  }
}
