import type { StateStore } from '@trefoil/state-store';
import type { EventStream, TransmitterClient } from './transmitter-client.js';

/** Reports that the state store no longer has the id of the stream, and so has lost the revocations that it delivered. */
export class StreamLostError extends Error {
  override readonly name = 'StreamLostError';
}

/**
 * Finds the one stream of a resource server, or creates it.
 *
 * A stream is used only while the state store has its id. When the store has lost the id, it has also lost the revocations
 * that the stream delivered; a new stream begins with all of them that can still matter.
 */
export class StreamFinder {
  constructor(
    private readonly transmitter: TransmitterClient,
    private readonly store: StateStore,
    private readonly options: { readonly resource: string; readonly keptSeconds: number },
  ) {}

  /** Returns the enabled stream of this server, and deletes its other streams. Must run on one replica at a time. */
  async findOrCreate(signal: AbortSignal): Promise<EventStream> {
    const description = `Revocations for ${this.options.resource}`;
    const knownId = (await this.store.get<string>(this.key))?.value;
    const streams = await this.transmitter.streams(description, signal);
    const ours = streams.find(({ stream_id }) => stream_id === knownId);
    for (const other of streams) if (other !== ours) await this.transmitter.delete(other, signal);
    const stream = ours ?? (await this.transmitter.create(description, signal));
    await this.store.set(this.key, stream.stream_id, this.options.keptSeconds);
    await this.transmitter.enable(stream, signal);
    return stream;
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
