import { CLAIMS_OF_SCOPE, invalidRequest, unmetAuthenticationRequirements } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import type { ClaimRequest, RequestedClaims } from '../../../grants/grant.entity.js';
import type { AuthorizationRequest } from '../../interaction/authorization-request.js';
import { SUPPORTED_ACR_VALUES } from '../../../sessions/authentication-context.js';
import type { CheckContext } from './check-context.js';

const Value = z.union([z.string(), z.number(), z.boolean()]);

/**
 * `value` and `values` may hold objects. `requestOf` drops these, because no supported claim with a requested value is
 * an object.
 */
const ClaimSchema = z.looseObject({
  essential: z.boolean().optional(),
  value: z.unknown().optional(),
  values: z.array(z.unknown()).optional(),
});

const Member = z.record(z.string(), ClaimSchema.nullable()).nullish();

const Claims = z.object({ userinfo: Member, id_token: Member });

const KNOWN: ReadonlySet<string> = new Set([...Object.values(CLAIMS_OF_SCOPE).flat(), 'acr', 'auth_time', 'amr']);

/** The characters that PostgreSQL cannot store: NUL and unpaired surrogates. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * Checks the parameter `claims`, which requests single claims (OpenID Connect Core §5.5). Unknown claims are ignored. A
 * request for an essential authentication context class that the provider does not support fails (§5.5.1.1).
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
  const required = acr?.essential ? valuesOf(acr) : [];
  if (required.length === 0) return { claims };
  const classes = SUPPORTED_ACR_VALUES.filter((supported) => required.includes(supported));
  if (classes.length === 0) throw unmetAuthenticationRequirements('no sign-in can have a class that acr requires');
  return { claims, classes };
}

/** Returns the accepted values of a requested claim; an empty array when every value is accepted. */
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
  if (simple.some((each) => UNSTORABLE.test(String(each))))
    throw invalidRequest('claims has a value with a character that is not allowed');
  return { ...(essential !== undefined && { essential }), ...(simple.length > 0 && { values: simple }) };
}
