/** Something that is done to a chain of refresh tokens, those of one grant. */
export type ChainAct =
  | { readonly kind: 'use'; readonly generation: number; readonly key: string | undefined }
  /** Time passes: so many times more than half of what a retry may take. */
  | { readonly kind: 'pass'; readonly halves: 1 | 2 }
  /** The grant is revoked. */
  | { readonly kind: 'revoke' };

/** What comes of it: the generation of the refresh token that is given, a refusal, or one that ended the grant too. */
export type ChainOutcome = number | 'refused' | 'ended' | 'done';

/** What is left of a chain when all is said and done. */
export interface ChainSummary {
  /** The generation of the newest token. */
  readonly newest: number;
  readonly live: boolean;
  /** How many uses of a token that had been replaced were recorded. */
  readonly recorded: number;
}

/** All there is to know of a chain. */
export interface Chain extends ChainSummary {
  /** The key with which the newest token was got, and how many halves have passed since of what a retry may take. */
  readonly key: string | undefined;
  readonly halves: number;
}

/** A chain before its first refresh. */
export const NEW_CHAIN: Chain = { newest: 0, key: undefined, halves: 2, live: true, recorded: 0 };

/** The rules, as they would be if everything happened one after the other (design §3, RFC 9700 §4.14.2). */
export function actOn(chain: Chain, act: ChainAct): { chain: Chain; outcome: ChainOutcome } {
  if (act.kind === 'pass')
    return { chain: { ...chain, halves: Math.min(2, chain.halves + act.halves) }, outcome: 'done' };
  if (act.kind === 'revoke') return { chain: { ...chain, live: false }, outcome: 'done' };
  const { generation, key } = act;
  if (!chain.live) return { chain, outcome: 'refused' };
  if (generation === chain.newest) {
    return { chain: { ...chain, newest: generation + 1, key, halves: 0 }, outcome: generation + 1 };
  }
  const repeats = generation === chain.newest - 1 && chain.halves < 2 && key === chain.key;
  if (repeats) return { chain, outcome: chain.newest };
  return { chain: { ...chain, live: false, recorded: chain.recorded + 1 }, outcome: 'ended' };
}
