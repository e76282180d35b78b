import { type EventDatabase, eventDatabase } from '../../testing/event-database.js';
import type { EventStream } from './event-stream.entity.js';
import { EventStreams, type StreamContent } from './event-streams.js';
import { StreamNotices } from './stream-notices.js';
import { StreamPushes } from './stream-pushes.js';

const CONTENT: StreamContent = {
  delivery: 'push',
  endpointUrl: 'https://receiver.example/events',
  authorizationHeader: Buffer.from('encrypted'),
  eventsRequested: ['https://schemas.openid.net/secevent/caep/event-type/session-revoked'],
  description: null,
};

let database: EventDatabase;
let streams: EventStreams;
let pushes: StreamPushes;
let taken: EventStream;

beforeAll(async () => {
  database = await eventDatabase();
  streams = new EventStreams(database.dataSource, new StreamNotices(database.dataSource));
  pushes = new StreamPushes(database.dataSource);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.dataSource.query('DELETE FROM event_streams');
  await streams.create(await database.client(), 1, () => CONTENT);
  const stream = await pushes.take(null, 60);
  if (!stream) throw new Error('there was no stream to take');
  taken = stream;
});

describe('a stream that is taken to be pushed', () => {
  it('is kept while it is as it was, and nobody else takes it', async () => {
    expect(await pushes.keep(taken, 60)).toBe(true);
    expect(await pushes.take(null, 60)).toBeNull();
  });

  it.each(['paused', 'disabled'] as const)(
    'is let go at once when its receiver has it %s: nothing may be sent (SSF 1.0 §8.1.2.1)',
    async (status) => {
      await streams.setStatus(taken, status, null);
      expect(await pushes.keep(taken, 60)).toBe(false);
      expect(await pushes.take(null, 60)).toBeNull();
      await streams.setStatus(taken, 'enabled', null);
      expect(await pushes.take(null, 60)).toMatchObject({ id: taken.id });
    },
  );

  it.each<[string, Partial<StreamContent>]>([
    ['another address', { endpointUrl: 'https://other.example/events' }],
    ['another header to push with', { authorizationHeader: Buffer.from('other') }],
    ['no header to push with', { authorizationHeader: null }],
    ['other events', { eventsRequested: null }],
  ])('is let go when it has got %s, to be taken as it is now', async (_, change) => {
    await streams.update(taken, { ...CONTENT, ...change }, false);
    expect(await pushes.keep(taken, 60)).toBe(false);
    expect(await pushes.take(null, 60)).toMatchObject(change);
  });

  it('is let go when it was deleted, and its status can be set no more', async () => {
    await streams.remove(taken.id, taken.clientId);
    expect(await pushes.keep(taken, 60)).toBe(false);
    expect(await streams.setStatus(taken, 'paused', null)).toBeNull();
  });
});
