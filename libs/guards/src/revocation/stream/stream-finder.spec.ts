import type { StateEntry, StateStore } from '@trefoil/state-store';
import { StreamFinder, StreamLostError } from './stream-finder.js';
import type { EventStream, TransmitterClient } from './transmitter-client.js';

const stream = { stream_id: 'stream' } as EventStream;
const options = { resource: 'https://notes.example', keptSeconds: 600 };

let entries: Map<string, StateEntry<unknown>>;
let created: number;
let finder: StreamFinder;

const store: Pick<StateStore, 'get' | 'set' | 'compareAndSet'> = {
  get: async <T>(key: string) => entries.get(key) as StateEntry<T> | undefined,
  set: async (key, value) => void entries.set(key, { value, version: entries.size + 1 }),
  compareAndSet: async (key, version) => entries.get(key)?.version === version,
};
const transmitter: Pick<TransmitterClient, 'streams' | 'create' | 'delete' | 'enable'> = {
  streams: async () => (created > 0 ? [stream] : []),
  create: async () => {
    created += 1;
    return stream;
  },
  delete: async () => undefined,
  enable: async () => undefined,
};

beforeEach(() => {
  [entries, created] = [new Map(), 0];
  finder = new StreamFinder(transmitter as TransmitterClient, store as StateStore, options);
});

const { signal } = new AbortController();

describe('the stream of a resource server', () => {
  it('is used again while the state store has its id', async () => {
    await finder.findOrCreate(signal);
    await finder.keep(stream);
    await finder.findOrCreate(signal);
    expect(created).toBe(1);
  });

  it('is not kept when the state store has lost its id, and is replaced', async () => {
    await finder.findOrCreate(signal);
    entries.clear();
    await expect(finder.keep(stream)).rejects.toThrow(StreamLostError);
    expect(entries.size).toBe(0);
    await finder.findOrCreate(signal);
    expect(created).toBe(2);
  });
});
