import { CLAIMS_OF_SCOPE, invalidRequest, unmetAuthenticationRequirements } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import type { ClaimRequest, RequestedClaims } from '../../../grants/grant.entity.js';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import { REACHABLE_CLASSES } from '../../../sessions/authentication-context.js';
import type { CheckContext } from './check-context.js';

const Value = z.union([z.string(), z.number(), z.boolean()]);

/** Objects can be the value of a claim too, but are never the value of one that is asked for here. */
const ClaimSchema = z.looseObject({
  essential: z.boolean().optional(),
  value: z.unknown().optional(),
  values: z.array(z.unknown()).optional(),
});

const Member = z.record(z.string(), ClaimSchema.nullable()).optional();

const Claims = z.object({ userinfo: Member, id_token: Member });

const KNOWN: ReadonlySet<string> = new Set([...Object.values(CLAIMS_OF_SCOPE).flat(), 'acr', 'auth_time', 'amr']);

/** What PostgreSQL cannot keep: a NUL, and half a character. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * Claims that are asked for one by one (OpenID Connect Core §5.5). Those that are unknown are left out; an essential
 * class of authentication that nobody can reach is a failed sign-in (§5.5.1.1).
 *
 * @throws OAuthError `invalid_request`, `unmet_authentication_requirements`
 */
export function checkClaims({
  parameters,
}: Pick<CheckContext, 'parameters'>): Pick<AuthorizationRequest, 'claims' | 'classes'> {
  const text = parameters.get('claims');
  if (text === undefined) return {};
  const parsed = Claims.safeParse(parse(text));
  if (!parsed.success) throw invalidRequest('claims does not have the form of OpenID Connect Core section 5.5');
  const { userinfo, id_token } = parsed.data;
  const claims: RequestedClaims = {
    ...(userinfo && { userinfo: knownOf(userinfo) }),
    ...(id_token && { id_token: knownOf(id_token) }),
  };
  const acr = claims.id_token?.acr;
  const asked = acr?.essential ? valuesOf(acr) : [];
  if (asked.length === 0) return { claims };
  const classes = REACHABLE_CLASSES.filter((reachable) => asked.includes(reachable));
  if (classes.length === 0) throw unmetAuthenticationRequirements('nobody can sign in as acr demands');
  return { claims, classes };
}

/** The values one of which a claim must have; none when any will do. */
export const valuesOf = ({ value, values }: ClaimRequest): readonly unknown[] =>
  value === undefined ? (values ?? []) : [value];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidRequest('claims is not JSON', { cause });
  }
}

function knownOf(
  member: Readonly<Record<string, z.output<typeof ClaimSchema> | null>>,
): Record<string, ClaimRequest | null> {
  const known = Object.entries(member).filter(([name]) => KNOWN.has(name));
  return Object.fromEntries(known.map(([name, request]) => [name, request && requestOf(request)]));
}

function requestOf({ essential, value, values }: z.output<typeof ClaimSchema>): ClaimRequest {
  const simple = [value, ...(values ?? [])].flatMap((each) => Value.safeParse(each).data ?? []);
  if (simple.some((each) => UNSTORABLE.test(String(each)))) throw invalidRequest('claims has a value that is no text');
  return { ...(essential !== undefined && { essential }), ...(simple.length > 0 && { values: simple }) };
}
