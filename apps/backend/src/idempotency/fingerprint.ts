import { sha256 } from '@trefoil/oauth-protocol';

/** What makes two requests the same: the operation and what it was given, whatever the order of its members. */
export const fingerprint = (operation: string, input: Readonly<Record<string, unknown>>): Buffer =>
  sha256(JSON.stringify([operation, Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1))]));
