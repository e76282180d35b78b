import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';
import { insufficientScope } from '../bearer/challenges.js';
import type { GuardsOptions } from '../guards-options.js';
import type { TokenRule } from './route-rules.js';

/**
 * Checks that a token may call a route: whether it is a user's or a machine's, which client it was issued to, and which
 * scopes it has.
 *
 * @throws ProblemError 403 with a challenge (RFC 6750 §3.1).
 */
export async function checkRouteRule(
  rule: TokenRule,
  { claims, scopes }: VerifiedAccessToken,
  { realm, userClients }: Pick<GuardsOptions, 'realm' | 'userClients'>,
): Promise<void> {
  const forbidden = (error_description: string, scope?: string) =>
    insufficientScope(claims, { realm, error_description, ...(scope !== undefined && { scope }) });

  const subject = subjectKindOf(claims);
  const required = subject && rule[subject];
  if (!required) throw forbidden(`only ${acceptedSubjects(rule)} may do this`);
  if (subject === 'user' && !(await isUserClient(userClients, claims.client_id))) {
    throw forbidden('the client of the token may not do this');
  }
  if (!required.every((scope) => scopes.has(scope))) {
    throw forbidden('the token does not have the scope that this needs', required.join(' '));
  }
}

/**
 * Returns whether a token belongs to a user or to a machine. It is neither when it was exchanged for the token of a machine
 * (RFC 8693 §4.1).
 */
export function subjectKindOf(claims: AccessTokenClaims): 'user' | 'machine' | undefined {
  if (isMachine(claims)) return 'machine';
  return isUser(claims) ? 'user' : undefined;
}

const acceptedSubjects = ({ user, machine }: TokenRule): string =>
  [user && 'a user', machine && 'a client acting for itself'].filter((words) => words !== undefined).join(' or ');

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

const isUserClient = (userClients: GuardsOptions['userClients'], clientId: string): boolean | Promise<boolean> =>
  typeof userClients === 'function' ? userClients(clientId) : userClients.includes(clientId);
