import type { AccessTokenClaims } from '@trefoil/oauth-protocol';

/** The owner of a token: a user, or a client that acts for itself. */
export type SubjectKind = 'user' | 'machine';

/**
 * Returns whether a token of RFC 9068 belongs to a user or to a machine. It is neither when it was exchanged for the token of
 * a machine (RFC 8693 §4.1).
 */
export function subjectKindOf(claims: AccessTokenClaims): SubjectKind | undefined {
  if (isMachine(claims)) return 'machine';
  return isUser(claims) ? 'user' : undefined;
}

/** Returns whether a token was issued to a client for itself: its subject is then the client (RFC 9068 §2.2). */
const isMachine = ({ sub, client_id, sid, grant_id }: AccessTokenClaims): boolean =>
  sub === client_id && sid === undefined && grant_id === undefined;

/**
 * Returns whether a token was issued for a user: it then comes from a grant or a session. A subject other than the client
 * is not enough, because an exchanged machine token has one too (RFC 8693 §4.1), and the id of a client may look like that
 * of a user (RFC 9700 §4.15).
 */
const isUser = ({ sub, client_id, sid, grant_id }: AccessTokenClaims): boolean =>
  sub !== client_id && (sid !== undefined || grant_id !== undefined);
