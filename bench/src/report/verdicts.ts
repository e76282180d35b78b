import type { CaseResult, Figures } from '../measure/compare.js';
import type { InstallationFigures } from '../measurements/installation-figures.js';

/** Milliseconds. */
const LONGEST_STALL = 50;

/** Whether a goal of a case is met, with the figures that decide it. */
export interface Verdict {
  readonly title: string;
  readonly goal: string;
  readonly reached: string;
  readonly isMet: boolean;
}

/** Compares the figures of a case with its goals. */
export function verdictsOf({ title, goals, figures, longestStall }: CaseResult): Verdict[] {
  const find = (role: Figures['role']) => figures.find((each) => each.role === role);
  const [own, peer, limit] = [find('trefoil'), find('peer'), find('limit')];
  const verdicts: Verdict[] = [];
  const add = (goal: string, reached: number, isMet: boolean) =>
    verdicts.push({ title, goal, reached: reached.toFixed(reached < 10 ? 2 : 0), isMet });
  if (!own) return [];
  if (goals.ofPeer !== undefined && peer) {
    const ratio = own.rate / peer.rate;
    add(`at least ${goals.ofPeer} × the peer`, ratio, ratio >= goals.ofPeer);
  }
  if (goals.ofLimit !== undefined && limit) {
    const ratio = own.rate / limit.rate;
    add(`at least ${goals.ofLimit} × the bare route`, ratio, ratio >= goals.ofLimit);
  }
  if (goals.p99OfPeer !== undefined && peer) {
    const ratio = own.p99 / peer.p99;
    add(`p99 at most ${goals.p99OfPeer} × the peer`, ratio, ratio <= goals.p99OfPeer);
  }
  if (goals.rate !== undefined) add(`at least ${goals.rate} per second`, own.rate, own.rate >= goals.rate);
  if (longestStall !== undefined) {
    add(`no stall of the event loop over ${LONGEST_STALL} ms`, longestStall, longestStall <= LONGEST_STALL);
  }
  return verdicts;
}

/** Compares the figures of an installation with their goals. */
export function verdictsOfInstallation({ verification, flatness }: InstallationFigures): Verdict[] {
  const [first, repeated] = [verification.first / verification.bare, verification.repeated / verification.bare];
  const [few, many] = [flatness.at(0)?.rate ?? NaN, flatness.at(-1)?.rate ?? NaN];
  const title = 'Verification of an access token';
  return [
    { title, goal: 'at most 1.15 × jose', reached: first.toFixed(2), isMet: first <= 1.15 },
    { title, goal: 'repeated: at most 0.3 × jose', reached: repeated.toFixed(2), isMet: repeated <= 0.3 },
    {
      title: 'Client credentials over many connections',
      goal: 'throughput does not collapse: at least 0.9 × that of few',
      reached: (many / few).toFixed(2),
      isMet: many / few >= 0.9,
    },
  ];
}
