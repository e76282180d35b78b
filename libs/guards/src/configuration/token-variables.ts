import { type Contradiction, variables } from '@trefoil/server-kit';
import { z } from 'zod';
import { type DialectName, TOKEN_DIALECTS } from '../access-token/dialects.js';
import type { TokenDialect } from '../access-token/token-dialect.js';
import type { TrustedIssuer } from '../guards-options.js';
import { DEFAULT_REVOCATION_OPTIONS, type RevocationOptions } from '../revocation/revocation-options.js';

const DIALECTS = Object.keys(TOKEN_DIALECTS) as [DialectName, ...DialectName[]];

const claimName = () => variables.identifier().regex(/^\S+$/, 'must be the name of a claim, without spaces');

/** The environment variables that say how a resource server reads the tokens of its provider (docs/replacing.md). */
export const tokenVariables = {
  TOKEN_DIALECT: z
    .enum(DIALECTS, `must be one of ${DIALECTS.join(', ')}`)
    .default('rfc9068')
    .describe(
      'How the access tokens of the provider differ from RFC 9068: `rfc9068`, not at all; otherwise `openid`, `keycloak`, `entra`, `auth0` or `okta`; `opaque` tokens are no JWTs, and are introspected ([replacing](replacing.md))',
    ),
  TOKEN_AUDIENCE: variables
    .identifier()
    .optional()
    .describe('Value in the `aud` of tokens that stands for this server; `PUBLIC_URL` when it is not set'),
  TOKEN_SUBJECT_CLAIM: claimName()
    .optional()
    .describe('Claim that identifies the user, when the dialect reads another one; a dot leads to a member of a claim'),
  TOKEN_SCOPE_CLAIM: claimName().optional().describe('Claim with the scopes, when the dialect reads another one'),
  TOKEN_ROLES_CLAIM: claimName().optional().describe('Claim with the roles, when the dialect reads another one'),
  TOKEN_MACHINE_CLAIM: variables
    .identifier()
    .regex(/^[^\s=]+=.+$/, 'must be the name of a claim and its value, such as gty=client-credentials')
    .optional()
    .describe(
      'Claim and value that only the tokens of machines have, such as `gty=client-credentials`, when the dialect recognises them in another way',
    ),
  JWKS_URI: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional()
    .describe("URL of the provider's keys; that in its metadata when it is not set"),
  REVOCATION_SOURCE: z
    .enum(['stream', 'introspection', 'none'], 'must be stream, introspection or none')
    .default('stream')
    .describe(
      'How revoked tokens are noticed: by the event `stream` of the provider (SSF 1.0), by `introspection` of each token (RFC 7662), or `none`: only when they expire',
    ),
  INTROSPECTION_SECONDS: z.coerce
    .number('must be a number of seconds')
    .int('must be a whole number of seconds')
    .positive()
    .max(300, 'must be at most 300 seconds')
    .optional()
    .describe(
      `Seconds for which the answer to an introspection is kept, with \`REVOCATION_SOURCE=introspection\`; ${DEFAULT_REVOCATION_OPTIONS.introspectionSeconds} when it is not set`,
    ),
};

/** The values of {@link tokenVariables}. */
export type TokenConfiguration = z.output<z.ZodObject<typeof tokenVariables>>;

const CLAIM_VARIABLES = [
  'TOKEN_SUBJECT_CLAIM',
  'TOKEN_SCOPE_CLAIM',
  'TOKEN_ROLES_CLAIM',
  'TOKEN_MACHINE_CLAIM',
] as const;

/** Returns the rules about several of {@link tokenVariables}. */
export const tokenContradictions = (given: TokenConfiguration): readonly Contradiction<TokenConfiguration>[] => [
  ...CLAIM_VARIABLES.map((name): Contradiction<TokenConfiguration> => [
    name,
    given.TOKEN_DIALECT === 'rfc9068' && given[name] !== undefined,
    'changes no token of TOKEN_DIALECT=rfc9068, whose claims are fixed. Remove it, or set another TOKEN_DIALECT',
  ]),
  [
    'REVOCATION_SOURCE',
    given.TOKEN_DIALECT === 'opaque' && given.REVOCATION_SOURCE !== 'introspection',
    'must be introspection with TOKEN_DIALECT=opaque: only the provider knows what such a token says',
  ],
  [
    'JWKS_URI',
    given.TOKEN_DIALECT === 'opaque' && given.JWKS_URI !== undefined,
    'has no effect with TOKEN_DIALECT=opaque, whose tokens have no signature. Remove it',
  ],
  [
    'INTROSPECTION_SECONDS',
    given.INTROSPECTION_SECONDS !== undefined && given.REVOCATION_SOURCE !== 'introspection',
    `has no effect with REVOCATION_SOURCE=${given.REVOCATION_SOURCE}. Remove it, or set REVOCATION_SOURCE=introspection`,
  ],
];

/** Returns the options of the guards that a configuration stands for. */
export function tokenOptions(configuration: TokenConfiguration): Pick<
  TrustedIssuer,
  'audience' | 'dialect' | 'jwksUri'
> & {
  revocation: Pick<RevocationOptions, 'source' | 'introspectionSeconds'>;
} {
  const { TOKEN_AUDIENCE, JWKS_URI, REVOCATION_SOURCE, INTROSPECTION_SECONDS } = configuration;
  return {
    audience: TOKEN_AUDIENCE,
    dialect: dialectOf(configuration),
    jwksUri: JWKS_URI,
    revocation: {
      source: REVOCATION_SOURCE,
      ...(INTROSPECTION_SECONDS !== undefined && { introspectionSeconds: INTROSPECTION_SECONDS }),
    },
  };
}

function dialectOf(configuration: TokenConfiguration): TokenDialect {
  const { TOKEN_DIALECT: name, TOKEN_MACHINE_CLAIM = '' } = configuration;
  if (name === 'rfc9068') return name;
  const { TOKEN_SUBJECT_CLAIM: subject, TOKEN_SCOPE_CLAIM: scope, TOKEN_ROLES_CLAIM: roles } = configuration;
  const [claim, value] = TOKEN_MACHINE_CLAIM.split(/=(.*)/s);
  return { name, subject, scope, roles, ...(claim && value !== undefined && { machine: { claim, value } }) };
}
