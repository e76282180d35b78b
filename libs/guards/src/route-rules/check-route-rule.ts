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
  { claims, scopes, subject }: VerifiedAccessToken,
  options: Pick<GuardsOptions, 'realm' | 'userClients' | 'otherIssuers'>,
): Promise<void> {
  const { realm } = options;
  const forbidden = (error_description: string, scope?: string) =>
    insufficientScope(claims, { realm, error_description, ...(scope !== undefined && { scope }) });

  const required = subject && rule[subject];
  if (!required) throw forbidden(`only ${acceptedSubjects(rule)} may do this`);
  if (subject === 'user' && !(await isUserClient(userClientsAt(claims.iss, options), claims.client_id))) {
    throw forbidden('the client of the token may not do this');
  }
  if (!required.every((scope) => scopes.has(scope))) {
    throw forbidden('the token does not have the scope that this needs', required.join(' '));
  }
}

const acceptedSubjects = ({ user, machine }: TokenRule): string =>
  [user && 'a user', machine && 'a client acting for itself'].filter((words) => words !== undefined).join(' or ');

/** Returns the user clients of one issuer: another issuer may have a client of the same id. */
const userClientsAt = (
  iss: string,
  { userClients, otherIssuers = [] }: Pick<GuardsOptions, 'userClients' | 'otherIssuers'>,
): GuardsOptions['userClients'] => (otherIssuers.find(({ issuer }) => issuer === iss) ?? { userClients }).userClients;

const isUserClient = (userClients: GuardsOptions['userClients'], clientId: string): boolean | Promise<boolean> =>
  typeof userClients === 'function' ? userClients(clientId) : userClients.includes(clientId);
