import { type EventDatabase, eventDatabase } from '../../testing/event-database.js';
import type { EventStream } from './event-stream.entity.js';
import { EventStreams, type StreamContent } from './event-streams.js';
import { PushLeases } from './push-leases.js';
import { StreamNotices } from './stream-notices.js';

const CONTENT: StreamContent = {
  delivery: 'push',
  endpointUrl: 'https://receiver.example/events',
  authorizationHeader: Buffer.from('encrypted'),
  eventsRequested: ['https://schemas.openid.net/secevent/caep/event-type/session-revoked'],
  description: null,
};

let database: EventDatabase;
let streams: EventStreams;
let leases: PushLeases;
let leased: EventStream;

beforeAll(async () => {
  database = await eventDatabase();
  streams = new EventStreams(database.dataSource, new StreamNotices(database.dataSource));
  leases = new PushLeases(database.dataSource);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.dataSource.query('DELETE FROM event_streams');
  await streams.create(await database.client(), 1, () => CONTENT);
  const stream = await leases.acquire(null, 60);
  if (!stream) throw new Error('There is no stream to lease.');
  leased = stream;
});

describe('the lease of a push stream', () => {
  it('can be renewed while the stream does not change, and nobody else acquires it', async () => {
    expect(await leases.renew(leased, 60)).toBe(true);
    expect(await leases.acquire(null, 60)).toBeNull();
  });

  it.each(['paused', 'disabled'] as const)(
    'ends at once when the stream is %s, because no event may be sent (SSF 1.0 §8.1.2.1)',
    async (status) => {
      await streams.setStatus(leased, status, null);
      expect(await leases.renew(leased, 60)).toBe(false);
      expect(await leases.acquire(null, 60)).toBeNull();
      await streams.setStatus(leased, 'enabled', null);
      expect(await leases.acquire(null, 60)).toMatchObject({ id: leased.id });
    },
  );

  it.each<[string, Partial<StreamContent>]>([
    ['another endpoint URL', { endpointUrl: 'https://other.example/events' }],
    ['another authorization header', { authorizationHeader: Buffer.from('other') }],
    ['no authorization header', { authorizationHeader: null }],
    ['other requested events', { eventsRequested: null }],
  ])('ends when the stream has %s, and the changed stream can be leased', async (_, change) => {
    await streams.update(leased, { ...CONTENT, ...change }, false);
    expect(await leases.renew(leased, 60)).toBe(false);
    expect(await leases.acquire(null, 60)).toMatchObject(change);
  });

  it('ends when the stream is deleted, and the status of the stream can no longer be set', async () => {
    await streams.remove(leased.id, leased.clientId);
    expect(await leases.renew(leased, 60)).toBe(false);
    expect(await streams.setStatus(leased, 'paused', null)).toBeNull();
  });
});
