import fc from 'fast-check';

/**
 * An act of a party: it uses a token, chosen by its age among the issued tokens; or it lets time pass; or it revokes
 * the grant.
 */
export type Act = { age: number; replica: number; key: string | undefined } | { halves: 1 | 2 } | 'revoke';

/** Chooses, again and again, which of the waiting steps is next. */
const picks = fc.array(fc.nat(23), { maxLength: 40 });
const replica = fc.nat(1);
const key = fc.constantFrom(undefined, undefined, 'jkt-1');

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ age: fc.nat(2), replica, key }) },
  { weight: 4, arbitrary: fc.record({ halves: fc.constantFrom(1, 1, 2) }) },
  { weight: 1, arbitrary: fc.constant('revoke') },
);

const upTo = <T>(maxLength: number, arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength });

/** The concurrent acts of up to four parties without any restriction. */
export interface AnyActs {
  readonly parties: readonly (readonly Act[])[];
  readonly picks: readonly number[];
}
export const anyActs: fc.Arbitrary<AnyActs> = fc.record({ parties: upTo(4, upTo(3, act)), picks });

const rounds = upTo(3, fc.record({ tabs: upTo(3, fc.record({ replica, lost: fc.boolean() })), passes: fc.boolean() }));

/** The rounds of a client that refreshes from several tabs. */
export const honestRounds = fc.record({ rounds, picks });

const theft = fc.oneof(fc.constant('copies' as const), fc.record({ replica }));

/** The same rounds, with a thief who copies the token of the client and uses it. */
export const thievery = fc.record({ rounds, thefts: fc.array(theft, { maxLength: 4 }), picks });
