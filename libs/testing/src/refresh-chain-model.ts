/** One action on the refresh tokens of one grant. */
export type ChainAction =
  /** A client presents the refresh token of a generation, with the DPoP key `key` or without one. */
  | { readonly kind: 'use'; readonly generation: number; readonly key: string | undefined }
  /** Time passes: somewhat more than one half, or two halves, of the grace period for a retry. */
  | { readonly kind: 'pass'; readonly halves: 1 | 2 }
  /** The grant is revoked. */
  | { readonly kind: 'revoke' };

/**
 * The result of an action: the generation of the refresh token in the response, `refused` for a refused token, `ended`
 * for a reused token whose grant the provider revokes, or `done` for an action without a response.
 */
export type ChainOutcome = number | 'refused' | 'ended' | 'done';

/** The part of a chain that a test can compare with the database. */
export interface ChainSummary {
  /** The generation of the newest refresh token. */
  readonly newest: number;
  /** Whether the grant has not been revoked. */
  readonly live: boolean;
  /** How many uses of an already replaced refresh token were recorded. */
  readonly recorded: number;
}

/** The state of a chain: all refresh tokens that descend from one grant. */
export interface Chain extends ChainSummary {
  /** The DPoP key with which the newest refresh token was requested. */
  readonly key: string | undefined;
  /** How many halves of the grace period have passed since the newest refresh token was issued; at most 2. */
  readonly halves: number;
}

/** A chain before its first refresh. */
export const NEW_CHAIN: Chain = { newest: 0, key: undefined, halves: 2, live: true, recorded: 0 };

/**
 * Applies an action to a chain, and returns the new state and the expected result. This is the specification of refresh
 * token rotation for actions that happen one after the other (RFC 9700 §4.14.2); property tests compare the real code
 * with it.
 */
export function applyAction(chain: Chain, action: ChainAction): { chain: Chain; outcome: ChainOutcome } {
  if (action.kind === 'pass')
    return { chain: { ...chain, halves: Math.min(2, chain.halves + action.halves) }, outcome: 'done' };
  if (action.kind === 'revoke') return { chain: { ...chain, live: false }, outcome: 'done' };
  const { generation, key } = action;
  if (!chain.live) return { chain, outcome: 'refused' };
  if (generation === chain.newest) {
    return { chain: { ...chain, newest: generation + 1, key, halves: 0 }, outcome: generation + 1 };
  }
  const isRetry = generation === chain.newest - 1 && chain.halves < 2 && key === chain.key;
  if (isRetry) return { chain, outcome: chain.newest };
  return { chain: { ...chain, live: false, recorded: chain.recorded + 1 }, outcome: 'ended' };
}
