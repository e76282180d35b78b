import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';
import { insufficientScope } from '../bearer/challenges.js';
import type { GuardsOptions } from '../guards-options.js';
import type { RouteRule } from './route-rules.js';

/**
 * Checks that a token may call a route: whether it is a user's or a machine's, which client it was issued to, and which
 * scopes it has.
 *
 * @throws ProblemError 403 with a challenge (RFC 6750 §3.1).
 */
export async function checkRouteRule(
  rule: Exclude<RouteRule, { kind: 'public' }>,
  { claims, scopes }: VerifiedAccessToken,
  { realm, userClients }: Pick<GuardsOptions, 'realm' | 'userClients'>,
): Promise<void> {
  const forbidden = (error_description: string, scope?: string) =>
    insufficientScope(claims, { realm, error_description, ...(scope !== undefined && { scope }) });

  if (rule.kind === 'machine' && !isMachine(claims)) throw forbidden('only a client acting for itself may do this');
  if (rule.kind === 'user' && !isUser(claims)) throw forbidden('only a user may do this');
  if (rule.kind === 'user' && !(await isUserClient(userClients, claims.client_id))) {
    throw forbidden('the client of the token may not do this');
  }
  if (!rule.scopes.every((scope) => scopes.has(scope))) {
    throw forbidden('the token does not have the scope that this needs', rule.scopes.join(' '));
  }
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

const isUserClient = (userClients: GuardsOptions['userClients'], clientId: string): boolean | Promise<boolean> =>
  typeof userClients === 'function' ? userClients(clientId) : userClients.includes(clientId);
