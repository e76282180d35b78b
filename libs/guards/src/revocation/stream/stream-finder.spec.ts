import { RequestRefused } from '@trefoil/service-client';
import type { StateEntry, StateStore } from '@trefoil/state-store';
import { StreamFinder, StreamLostError } from './stream-finder.js';
import type { EventStream, TransmitterClient } from './transmitter-client.js';

const LIMIT = 2;
const options = { resource: 'https://notes.example', keptSeconds: 600 };

/** The streams at the transmitter, the oldest first. */
let streams: (EventStream & { isPaused?: boolean })[];
let created: number;

const transmitter: Partial<TransmitterClient> = {
  streams: async () => [...streams],
  create: async () => {
    if (streams.length >= LIMIT) throw new RequestRefused(409, new Headers(), undefined);
    const stream = { stream_id: `stream ${++created}` } as EventStream;
    streams.push(stream);
    return stream;
  },
  delete: async (stream) => void (streams = streams.filter(({ stream_id }) => stream_id !== stream.stream_id)),
  isEnabled: async (stream) => !streams.find(({ stream_id }) => stream_id === stream.stream_id)?.isPaused,
  enable: async () => undefined,
};

/** Returns an installation of the resource server, with a state store of its own. */
function installation(client: Partial<TransmitterClient> = transmitter) {
  const entries = new Map<string, StateEntry<unknown>>();
  const store: Pick<StateStore, 'get' | 'set' | 'compareAndSet'> = {
    get: async <T>(key: string) => entries.get(key) as StateEntry<T> | undefined,
    set: async (key, value) => void entries.set(key, { value, version: entries.size + 1 }),
    compareAndSet: async (key, version) => entries.get(key)?.version === version,
  };
  return { entries, finder: new StreamFinder(client as TransmitterClient, store as StateStore, options) };
}

beforeEach(() => {
  [streams, created] = [[], 0];
});

const { signal } = new AbortController();
const ids = () => streams.map(({ stream_id }) => stream_id);

describe('the stream of a resource server', () => {
  it('is used again while the state store has its id', async () => {
    const { finder } = installation();
    const stream = await finder.findOrCreate(signal);
    await finder.keep(stream);
    expect(await finder.findOrCreate(signal)).toEqual(stream);
    expect(created).toBe(1);
  });

  it('is not kept when the state store has lost its id, and is replaced', async () => {
    const { finder, entries } = installation();
    const stream = await finder.findOrCreate(signal);
    entries.clear();
    await expect(finder.keep(stream)).rejects.toThrow(StreamLostError);
    expect(entries.size).toBe(0);
    expect(await finder.findOrCreate(signal)).not.toEqual(stream);
  });

  it('is left alone by another installation with the same client', async () => {
    const [east, west] = [installation(), installation()];
    const stream = await east.finder.findOrCreate(signal);
    await west.finder.findOrCreate(signal);
    expect(await east.finder.findOrCreate(signal)).toEqual(stream);
    expect(created).toBe(2);
  });

  it('replaces one that is not enabled when the transmitter allows no more', async () => {
    const [east, west] = [installation(), installation()];
    await east.finder.findOrCreate(signal);
    await west.finder.findOrCreate(signal);
    west.entries.clear();
    Object.assign(streams[1] ?? {}, { isPaused: true });
    await west.finder.findOrCreate(signal);
    expect(ids()).toEqual(['stream 1', 'stream 3']);
  });

  it('replaces the oldest when the transmitter allows no more, and installations recover from that', async () => {
    const [east, west] = [installation(), installation()];
    await east.finder.findOrCreate(signal);
    await west.finder.findOrCreate(signal);
    west.entries.clear();
    await west.finder.findOrCreate(signal);
    expect(ids()).toEqual(['stream 2', 'stream 3']);
    await east.finder.findOrCreate(signal);
    expect(ids()).toEqual(['stream 3', 'stream 4']);
    await west.finder.findOrCreate(signal);
    expect(ids()).toEqual(['stream 3', 'stream 4']);
  });

  it('is not created when the transmitter allows none', async () => {
    streams = [{ stream_id: 'of another resource' }, { stream_id: 'of a third' }] as EventStream[];
    const none = { ...transmitter, streams: async () => [] } as Partial<TransmitterClient>;
    await expect(installation(none).finder.findOrCreate(signal)).rejects.toThrow('refused with 409');
    expect(ids()).toHaveLength(2);
  });
});
