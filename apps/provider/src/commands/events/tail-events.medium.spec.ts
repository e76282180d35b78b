import { SecurityEventLine } from '@trefoil/dto';
import { testDatabase } from '@trefoil/testing';
import type { DataSource } from 'typeorm';
import { SecurityEvents } from '../../security-events/security-events.js';
import { sharedSecrets, type TerminalOptions, trefoil } from '../../testing/command-line.js';
import { untilEventsAreSettled } from '../../testing/until.js';
import { openDatabase } from '../../testing/open-database.js';

let dataSource: DataSource;
let events: SecurityEvents;
let environment: Record<string, string>;

beforeEach(async () => {
  const DATABASE_URL = await testDatabase();
  dataSource = await openDatabase(DATABASE_URL);
  events = new SecurityEvents(dataSource);
  environment = { ...sharedSecrets(), DATABASE_URL, ISSUER: 'http://localhost:3001', NODE_ENV: 'test' };
});
afterEach(() => dataSource.destroy());

const record = (clientId: string, transaction = dataSource.manager) =>
  events.record({ type: 'client-authentication', outcome: 'failure', clientId }, transaction);

const tail = (args: string, options: TerminalOptions = {}) =>
  trefoil(environment, ['events', 'tail', ...args.split(' ').filter(Boolean)], options);

/** Returns the client of each line of NDJSON, in order. */
const clientsIn = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => SecurityEventLine.parse(JSON.parse(line)).clientId);

it('shows the last matching events in the order in which they were recorded', async () => {
  for (const client of ['a', 'b', 'c']) await record(client);
  await untilEventsAreSettled(dataSource);
  const { exitCode, out } = await tail('--lines 2 --json');
  expect({ exitCode, clients: clientsIn(out) }).toEqual({ exitCode: 0, clients: ['b', 'c'] });
  expect(clientsIn((await tail('--client a --json')).out)).toEqual(['a']);
  expect((await tail('--type sign-in')).out).toBe('');
});

it('shows each event on one line, even if a client id contains control characters', async () => {
  await record('evil\n2026-01-01 done sign-in \u001b[2J\u202e');
  await untilEventsAreSettled(dataSource);
  const { out } = await tail('');
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  // eslint-disable-next-line no-control-regex
  expect(out).not.toMatch(/[\u001b\u202e]/);
});

it('--follow shows new events until it is interrupted', async () => {
  await record('before');
  let writes = 0;
  const { exitCode, out } = await tail('--follow --json', {
    interruptWhen: (written) => {
      const seen = written.trim().split('\n').length;
      if (seen > writes && seen < 4) void record(`after ${(writes = seen)}`);
      return seen === 4;
    },
  });
  expect(exitCode).toBe(0);
  expect(clientsIn(out)).toEqual(['before', 'after 1', 'after 2', 'after 3']);
});

it('--follow skips no event whose transaction commits late', async () => {
  await record('before');
  const late = dataSource.createQueryRunner();
  await late.startTransaction();
  await record('late', late.manager);
  await record('early');
  let isCommitted = false;
  const { out } = await tail('--follow --json', {
    interruptWhen: (written) => {
      if (!isCommitted) {
        isCommitted = true;
        void late.commitTransaction();
      }
      return written.includes('"early"');
    },
  });
  await late.release();
  expect(clientsIn(out)).toEqual(['before', 'late', 'early']);
});
