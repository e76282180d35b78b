import { Logger } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { EventIntake } from './security-event-processor.js';
import { RefusedEventError } from './refused-event-error.js';
import { type SecurityEvent, UnknownKeyError } from './security-event-token-verifier.js';

const { jest } = import.meta;

let now: number;
let taken: string[];
let refused: number;
let read: (set: string) => SecurityEvent;
let append: (events: readonly SecurityEvent[]) => Promise<void>;
let intake: EventIntake;

beforeEach(() => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  [now, taken, refused] = [0, [], 0];
  read = (set) => ({ jti: set, ending: { kind: 'grant', id: set }, occurredAt: 0 });
  append = async (events) => void taken.push(...events.map(({ jti }) => jti));
  const feed = {
    hasTaken: (id: string) => taken.includes(id),
    append: (...given: Parameters<typeof append>) => append(...given),
  };
  const reader = { read: async (_id: string, set: string) => read(set) };
  intake = new EventIntake(
    reader,
    feed,
    () => refused++,
    () => now,
  );
});
afterEach(() => jest.restoreAllMocks());

describe('EventIntake', () => {
  it('acknowledges what was written down (RFC 8936 §2.4)', async () => {
    const { results, isWhole } = await intake.take({ a: 'a', b: 'b' });
    expect([results, isWhole, taken]).toEqual([{ ack: ['a', 'b'], setErrs: {} }, true, ['a', 'b']]);
  });

  it('acknowledges nothing that could not be written down', async () => {
    append = () => Promise.reject(new Error('the store is down'));
    await expect(intake.take({ a: 'a' })).rejects.toThrow('the store is down');
  });

  it('acknowledges what comes again, and takes it once', async () => {
    await intake.take({ a: 'a' });
    expect((await intake.take({ a: 'a', b: 'b' })).results.ack).toEqual(['a', 'b']);
    expect(taken).toEqual(['a', 'b']);
  });

  it('refuses what cannot be verified, and takes the rest (RFC 8936 §2.6)', async () => {
    const usual = read;
    read = (set) => {
      if (set === 'bad') throw new RefusedEventError('invalid_issuer', 'another issuer');
      return usual(set);
    };
    const { results, isWhole } = await intake.take({ bad: 'bad', good: 'good' });
    expect(results).toEqual({
      ack: ['good'],
      setErrs: { bad: { err: 'invalid_issuer', description: 'another issuer' } },
    });
    expect([isWhole, refused, taken]).toEqual([true, 1, ['good']]);
  });

  it('leaves what is signed with an unknown key where it is, until the key may be known to be none of the issuer’s', async () => {
    read = () => {
      throw new UnknownKeyError();
    };
    expect(await intake.take({ early: 'early' })).toEqual({ results: { ack: [], setErrs: {} }, isWhole: false });
    now += 90_000;
    const { results, isWhole } = await intake.take({ early: 'early' });
    expect([results.setErrs, isWhole, refused]).toMatchObject([{ early: { err: 'invalid_key' } }, true, 1]);
  });

  it('decides nothing while the keys cannot be had', async () => {
    read = () => {
      throw new DependencyUnavailableError('authorization server');
    };
    await expect(intake.take({ a: 'a' })).rejects.toThrow(DependencyUnavailableError);
    expect([taken, refused]).toEqual([[], 0]);
  });
});
