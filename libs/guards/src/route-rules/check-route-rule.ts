import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { GuardsOptions } from '../guards-options.js';
import { insufficientScope } from '../bearer/challenges.js';
import type { RouteRule } from './route-rule.js';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';

/** A client that acts for itself is the subject of its token (RFC 9068 §2.2). */
const isMachine = ({ sub, client_id, sid, grant_id }: AccessTokenClaims): boolean =>
  sub === client_id && sid === undefined && grant_id === undefined;

/**
 * A user's token comes from a grant or a session. That the subject is another than the client does not suffice: a
 * machine's token, exchanged, is one too (RFC 8693 §4.1); and a client's id may look like a user's (RFC 9700 §4.15).
 */
const isUser = ({ sub, client_id, sid, grant_id }: AccessTokenClaims): boolean =>
  sub !== client_id && (sid !== undefined || grant_id !== undefined);

/**
 * Checks that a token opens a route: who it is for, which client it was issued to, which scopes it has.
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
  if (rule.kind === 'user' && !(await isOpenTo(userClients, claims.client_id))) {
    throw forbidden('the client of the token may not do this');
  }
  if (!rule.scopes.every((scope) => scopes.has(scope))) {
    throw forbidden('the token does not have the scope that this needs', rule.scopes.join(' '));
  }
}

const isOpenTo = (userClients: GuardsOptions['userClients'], clientId: string): boolean | Promise<boolean> =>
  typeof userClients === 'function' ? userClients(clientId) : userClients.includes(clientId);
