import type { StateStore } from '@trefoil/state-store';
import type { EventStream, Transmitter } from './transmitter-client.js';

/**
 * Finds the one stream of a resource server, or makes it. A stream counts only while the store knows it: what others have
 * had of a stream is lost with the store, and a new one begins with everything that still matters.
 */
export class StreamFinder {
  constructor(
    private readonly transmitter: Transmitter,
    private readonly store: StateStore,
    private readonly options: { readonly resource: string; readonly keptSeconds: number },
  ) {}

  /** To be called by one replica at a time. */
  async find(signal: AbortSignal): Promise<EventStream> {
    const description = `Revocations for ${this.options.resource}`;
    const known = (await this.store.get<string>(this.key))?.value;
    const streams = await this.transmitter.streams(description, signal);
    const ours = streams.find(({ stream_id }) => stream_id === known);
    for (const other of streams) if (other !== ours) await this.transmitter.delete(other, signal);
    const stream = ours ?? (await this.transmitter.create(description, signal));
    await this.remember(stream);
    await this.transmitter.enable(stream, signal);
    return stream;
  }

  /** Notes that a stream is in use: it is known for as long as what came by it is kept. */
  async remember({ stream_id }: EventStream): Promise<void> {
    await this.store.set(this.key, stream_id, this.options.keptSeconds);
  }

  private get key(): string {
    return `revocation stream of ${this.options.resource}`;
  }
}
