import fc from 'fast-check';
import type { Fate } from './model-provider.js';
import type { Fault } from './raced-session.js';

/** Tabs that want tokens at two replicas, and what comes in between. */
export interface Race {
  /** For each tab, one after the other: at which replica, and whether its own token was refused. */
  readonly tabs: readonly (readonly { readonly replica: number; readonly refused: boolean }[])[];
  readonly fates: readonly Fate[];
  /** Whether the access tokens that are issued have to be renewed at once. */
  readonly shortLived: readonly boolean[];
  readonly faults: readonly Fault[];
  /** A lock that ends before the work under it does; more time than the provider repeats an answer. */
  readonly nuisances: readonly ('lock ends' | 'time passes')[];
  /** How it ends: the person signs out, or a thief uses a copy of the refresh token. */
  readonly end: 'signs out' | 'is robbed' | undefined;
  readonly picks: readonly number[];
}

const upTo = <T>(maxLength: number, arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength });
const some = <T>(maxLength: number, arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength });

const tabs = some(4, some(2, fc.record({ replica: fc.nat(1), refused: fc.boolean() })));
const nuisance = fc.constantFrom<Race['nuisances'][number]>('lock ends', 'time passes');
const picks = upTo(60, fc.nat(23));
const never = {
  fates: fc.constant([]),
  shortLived: fc.constant([]),
  faults: fc.constant([]),
  nuisances: fc.constant([]),
};

const full = {
  tabs,
  fates: upTo(4, fc.constantFrom<Fate>('well', 'lost', 'answer lost', 'late', 'slow', 'answer slow')),
  shortLived: upTo(3, fc.boolean()),
  faults: upTo(2, fc.record({ at: fc.nat(30), done: fc.boolean() })),
  nuisances: upTo(3, nuisance),
  picks,
};

/** Nothing goes wrong, and the tabs all want the first refresh. */
export const calmRace: fc.Arbitrary<Race> = fc.record({
  ...never,
  tabs: some(5, fc.tuple(fc.record({ replica: fc.nat(1), refused: fc.constant(false) }))),
  end: fc.constant(undefined),
  picks,
});

/** Everything goes wrong that can while everybody is honest. */
export const stormyRace: fc.Arbitrary<Race> = fc.record({ ...full, end: fc.constant(undefined) });

/** The same, with a sign-out somewhere in it. */
export const endedRace: fc.Arbitrary<Race> = fc.record({ ...full, end: fc.constant('signs out') });

/** The same, with a thief. */
export const robbedRace: fc.Arbitrary<Race> = fc.record({ ...full, end: fc.constant('is robbed') });
