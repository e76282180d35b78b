import type { CaseResult, Figures } from '../measure/compare.js';

/** Whether a goal of a case is met, with the figures that decide it. */
export interface Verdict {
  readonly title: string;
  readonly goal: string;
  readonly reached: string;
  readonly isMet: boolean;
}

/** Compares the figures of a case with its goals. */
export function verdictsOf({ title, goals, figures }: CaseResult): Verdict[] {
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
  return verdicts;
}
