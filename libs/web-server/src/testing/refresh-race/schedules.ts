import fc from 'fast-check';
import type { Fate } from './model-provider.js';
import type { Fault } from './raced-session.js';

/** A tab's request for an access token. */
export interface TokenRequest {
  readonly replica: number;
  /** Whether the API refused the tab's current token. */
  readonly refused: boolean;
  /** The API: the session begins with an expired token for 0, and with none for 1. */
  readonly api: number;
}

/** Describes tabs that need tokens at two replicas, and everything that disturbs them. */
export interface Race {
  /** The requests of each tab, in order. */
  readonly tabs: readonly (readonly TokenRequest[])[];
  readonly fates: readonly Fate[];
  /** For each issued access token, whether it has to be refreshed at once. */
  readonly shortLived: readonly boolean[];
  readonly faults: readonly Fault[];
  /** A lock that ends before its holder has finished, or more time than the provider repeats an answer. */
  readonly disturbances: readonly ('lock ends' | 'time passes')[];
  /** The event that ends the session: the user signs out, or a thief uses a copy of the refresh token. */
  readonly end: 'sign-out' | 'token theft' | undefined;
  /** The order of the steps. */
  readonly picks: readonly number[];
}

const upTo = <T>(maxLength: number, arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength });
const oneTo = <T>(maxLength: number, arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength });

const tabs = oneTo(4, oneTo(2, fc.record({ replica: fc.nat(1), refused: fc.boolean(), api: fc.nat(1) })));
const disturbance = fc.constantFrom<Race['disturbances'][number]>('lock ends', 'time passes');
const picks = upTo(60, fc.nat(23));
const noFailures = {
  fates: fc.constant([]),
  shortLived: fc.constant([]),
  faults: fc.constant([]),
  disturbances: fc.constant([]),
};

const allFailures = {
  tabs,
  fates: upTo(4, fc.constantFrom<Fate>('well', 'lost', 'answer lost', 'late', 'slow', 'answer slow')),
  shortLived: upTo(3, fc.boolean()),
  faults: upTo(2, fc.record({ at: fc.nat(30), done: fc.boolean() })),
  disturbances: upTo(3, disturbance),
  picks,
};

/** Races without failures, in which every tab needs the first refresh for its API. */
export const calmRace: fc.Arbitrary<Race> = fc.record({
  ...noFailures,
  tabs: oneTo(5, fc.tuple(fc.record({ replica: fc.nat(1), refused: fc.constant(false), api: fc.nat(1) }))),
  end: fc.constant(undefined),
  picks,
});

/** Races with every kind of failure, but without an attacker. */
export const stormyRace: fc.Arbitrary<Race> = fc.record({ ...allFailures, end: fc.constant(undefined) });

/** Stormy races with a sign-out at some point. */
export const signedOutRace: fc.Arbitrary<Race> = fc.record({ ...allFailures, end: fc.constant('sign-out') });

/** Stormy races with a thief. */
export const stolenTokenRace: fc.Arbitrary<Race> = fc.record({ ...allFailures, end: fc.constant('token theft') });
