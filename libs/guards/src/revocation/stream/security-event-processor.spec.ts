import { Logger } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { ReportedRevocation } from '../list/revocation-feed.js';
import { RefusedEventError, type SecurityEvent } from './security-event.js';
import { SecurityEventProcessor } from './security-event-processor.js';
import { UnknownKeyError } from './security-event-token-verifier.js';

const { jest } = import.meta;

let now: number;
let stored: string[];
let refused: number;
let verify: (set: string) => SecurityEvent;
let append: (reported: readonly ReportedRevocation[]) => Promise<void>;
let processor: SecurityEventProcessor;

beforeEach(() => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  [now, stored, refused] = [0, [], 0];
  verify = (set) => ({ jti: set, revocation: { kind: 'grant', id: set }, occurredAt: 0 });
  append = async (reported) => void stored.push(...reported.map(({ jti }) => jti));
  const feed = {
    hasSet: (jti: string) => stored.includes(jti),
    append: (...given: Parameters<typeof append>) => append(...given),
  };
  const verifier = { verify: async (_id: string, set: string) => verify(set) };
  processor = new SecurityEventProcessor(
    verifier,
    feed,
    () => refused++,
    () => now,
  );
});
afterEach(() => jest.restoreAllMocks());

describe('SecurityEventProcessor', () => {
  it('acknowledges SETs whose revocations were stored (RFC 8936 §2.4)', async () => {
    const { results, isComplete } = await processor.process({ a: 'a', b: 'b' });
    expect([results, isComplete, stored]).toEqual([{ ack: ['a', 'b'], setErrs: {} }, true, ['a', 'b']]);
  });

  it('acknowledges a SET that revokes nothing, and stores nothing', async () => {
    verify = (set) => ({ jti: set, occurredAt: 0 });
    expect((await processor.process({ a: 'a' })).results.ack).toEqual(['a']);
    expect(stored).toEqual([]);
  });

  it('acknowledges nothing when the revocations could not be stored', async () => {
    append = () => Promise.reject(new Error('the store is down'));
    await expect(processor.process({ a: 'a' })).rejects.toThrow('the store is down');
  });

  it('acknowledges a SET that is delivered again, and stores its revocation once', async () => {
    await processor.process({ a: 'a' });
    expect((await processor.process({ a: 'a', b: 'b' })).results.ack).toEqual(['a', 'b']);
    expect(stored).toEqual(['a', 'b']);
  });

  it('refuses a SET that fails verification, and processes the others (RFC 8936 §2.6)', async () => {
    const usual = verify;
    verify = (set) => {
      if (set === 'bad') throw new RefusedEventError('invalid_issuer', 'another issuer');
      return usual(set);
    };
    const { results, isComplete } = await processor.process({ bad: 'bad', good: 'good' });
    expect(results).toEqual({
      ack: ['good'],
      setErrs: { bad: { err: 'invalid_issuer', description: 'another issuer' } },
    });
    expect([isComplete, refused, stored]).toEqual([true, 1, ['good']]);
  });

  it('refuses a SET with an unknown key only after 90 s, in which the key may become known', async () => {
    verify = () => {
      throw new UnknownKeyError();
    };
    expect(await processor.process({ early: 'early' })).toEqual({
      results: { ack: [], setErrs: {} },
      isComplete: false,
    });
    now += 90_000;
    const { results, isComplete } = await processor.process({ early: 'early' });
    expect([results.setErrs, isComplete, refused]).toMatchObject([{ early: { err: 'invalid_key' } }, true, 1]);
  });

  it('neither acknowledges nor refuses a SET while the keys are not available', async () => {
    verify = () => {
      throw new DependencyUnavailableError('authorization server');
    };
    await expect(processor.process({ a: 'a' })).rejects.toThrow(DependencyUnavailableError);
    expect([stored, refused]).toEqual([[], 0]);
  });
});
