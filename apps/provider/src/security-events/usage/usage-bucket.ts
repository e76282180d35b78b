import type { GrantTypeName } from '@trefoil/oauth-protocol';

/** What is counted: tokens issued, by grant type, token requests that were refused, and introspections. */
export type UsageMeasure = GrantTypeName | 'refused' | 'introspection';

/** Whose usage is counted. */
export type UsageSubjectKind = 'client' | 'user';

/** How often one thing was done by one subject in one hour. */
export interface UsageCount {
  /** The beginning of the hour. */
  readonly hour: Date;
  readonly kind: UsageSubjectKind;
  /** A client id, or the id of a user. */
  readonly subject: string;
  readonly measure: UsageMeasure;
  readonly count: number;
}

const HOUR_MILLISECONDS = 3600 * 1000;

/** The hour of a moment, by its beginning. */
export const hourOf = (moment: number): Date => new Date(moment - (moment % HOUR_MILLISECONDS));
