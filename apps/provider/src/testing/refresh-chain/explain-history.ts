import {
  applyAction,
  type Chain,
  type ChainAction,
  type ChainOutcome,
  type ChainSummary,
  NEW_CHAIN,
} from '@trefoil/testing';

/** An act as seen from outside: the times between which it took effect, and its outcome. */
export interface Observed {
  readonly who: string;
  readonly act: ChainAction;
  readonly began: number;
  readonly ended: number;
  readonly outcome: ChainOutcome;
}

/**
 * Returns whether the rules explain a history: whether the same acts, in some sequence in which each takes effect
 * between its beginning and its end, have the same outcomes and lead to the same chain (linearizability, Herlihy and
 * Wing 1990).
 */
export function isExplained(history: readonly Observed[], last: ChainSummary): boolean {
  const dead = new Set<string>();
  const search = (left: readonly Observed[], chain: Chain): boolean => {
    if (left.length === 0) return isSame(chain, last);
    const state = JSON.stringify([left.map((each) => history.indexOf(each)), chain]);
    if (dead.has(state)) return false;
    const firstEnd = Math.min(...left.map(({ ended }) => ended));
    const found = left
      .filter(({ began }) => began <= firstEnd)
      .some((next) => {
        const { chain: after, outcome } = applyAction(chain, next.act);
        return (
          outcome === next.outcome &&
          search(
            left.filter((each) => each !== next),
            after,
          )
        );
      });
    if (!found) dead.add(state);
    return found;
  };
  return search(history, NEW_CHAIN);
}

const isSame = (a: ChainSummary, b: ChainSummary): boolean =>
  a.newest === b.newest && a.live === b.live && a.recorded === b.recorded;
