import {
  clientVariables,
  type Contradiction,
  databaseVariables,
  providerVariables,
  serverVariables,
  stateVariables,
  variables,
} from '@trefoil/server-kit';
import { z } from 'zod';

const { baseUrl, identifier, seconds, secretKeys } = variables;

/** A limit, which can be changed and not removed. */
const limit = (points: number) =>
  z.coerce.number('must be a number').int('must be a whole number').positive().default(points);

const API_NAME = /^[a-z][a-z0-9-]{0,62}$/;
const PATH = /^\/(?!\/)[A-Za-z0-9._~/-]*[A-Za-z0-9_~-]$/;

/** An API that the server calls for its users. */
export interface Api {
  /** Names the API in the paths of the proxy: `/bff/api/<name>/…`. */
  readonly name: string;
  /** Its name in texts for users, such as `contacts service`. */
  readonly title: string;
  /** The resource identifier, which is the `aud` of its tokens (RFC 8707). */
  readonly resource: string;
  /** The URL at which the server reaches it. */
  readonly url: string;
  /** The scopes that a sign-in asks for. */
  readonly scopes: readonly string[];
  /** The paths that scripts in the browser may call, each with everything below it. */
  readonly browserPaths: readonly string[];
}

/** An API in the variable `APIS`. Its URL is by default its resource identifier. */
const apiSchema = z
  .strictObject({
    name: z.string().regex(API_NAME, 'must be lower-case letters, digits and hyphens'),
    resource: baseUrl(),
    url: baseUrl().optional(),
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be a scope token (RFC 6749 §3.3)')).min(1),
    browserPaths: z.array(z.string().regex(PATH, 'must be a path such as /v1/invoices')).default([]),
  })
  .transform(({ url, ...api }): Api => ({ ...api, url: url ?? api.resource, title: `service ${api.name}` }));

/** @param taken the names of the APIs that have variables of their own. */
const apisSchema = (taken: readonly string[]) =>
  z
    .array(apiSchema, 'must be a JSON list')
    .refine(
      (apis) => new Set([...taken, ...apis.map(({ name }) => name)]).size === apis.length + taken.length,
      `must name each API once, and none of them ${taken.join(' or ')}`,
    );

/** A list of APIs as JSON. All problems are reported as problems of the variable, with their place in the list. */
const furtherApis = (taken: readonly string[]) =>
  z.string().transform((text, context): readonly Api[] => {
    const parsed = apisSchema(taken).safeParse(jsonIn(text));
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) {
      context.addIssue(path.length > 0 ? `has a wrong value at ${path.join('.')}: it ${message}` : message);
    }
    return z.NEVER;
  });

/** Returns the value of a JSON text. Returns undefined, which is no list, for any other text. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The variables that adapt the sign-in and the sign-out to another provider (docs/replacing.md). */
const signInVariables = {
  SIGN_IN_SCOPE: z
    .string()
    .regex(/^openid( |$)/, 'must begin with openid')
    .optional()
    .describe(
      'Scopes that a sign-in requests, separated by spaces; by default those that the pages need and those of the APIs. Many providers issue refresh tokens only with `offline_access`',
    ),
  SIGN_IN_PROMPT: z
    .string()
    .regex(
      /^(login|consent|select_account|create)( (login|consent|select_account|create))*$/,
      'must be prompts such as login or consent',
    )
    .optional()
    .describe('`prompt` of a sign-in (OpenID Connect Core §3.1.2.1), such as `consent`'),
  SIGN_IN_ACR_VALUES: identifier()
    .optional()
    .describe('`acr_values` of a sign-in: the ways of authentication that are asked for, the preferred one first'),
  SIGN_IN_MAX_AGE: z.coerce
    .number('must be a number of seconds')
    .int('must be a whole number of seconds')
    .min(0)
    .optional()
    .describe('`max_age` of a sign-in: seconds after which the provider authenticates the user again. It is checked'),
  SIGN_OUT_HINT: z
    .enum(['logout_hint', 'id_token_hint'], 'must be logout_hint or id_token_hint')
    .default('logout_hint')
    .describe(
      'How a sign-out names the session at the provider: by its `sid` in `logout_hint`, or by the ID token in `id_token_hint`, which then passes through the browser',
    ),
  LOGOUT_TOKEN_TYPE: z
    .enum(['required', 'optional'], 'must be required or optional')
    .default('required')
    .describe(
      'Whether logout tokens must have the type `logout+jwt`, which some providers leave out (OpenID Connect Back-Channel Logout §2.4)',
    ),
};

/**
 * Returns the environment variables of every web server, for apps that have further ones.
 *
 * @param name the name of the app in the descriptions.
 * @param apis the names of the APIs for which the app has variables of its own.
 */
export const webServerVariables = (name: string, apis: readonly string[]) => ({
  ...serverVariables,
  PUBLIC_URL: baseUrl()
    // zod also calls refinements for texts that are not URLs. For those, `baseUrl` has reported the problem already.
    .refine((url) => !URL.canParse(url) || new URL(url).origin === url, 'must be an origin, without a path')
    .describe(
      `URL at which browsers reach the ${name}: an origin without a path. The redirect URI is this URL with \`/callback\``,
    ),
  ...providerVariables,
  ...clientVariables,
  ...signInVariables,
  APIS: furtherApis(apis)
    .optional()
    .describe(
      `Further APIs that the ${name} calls for its users, as a JSON list: \`[{"name": "calendar", "resource": ` +
        '"https://calendar.example", "scopes": ["events:read"], "browserPaths": ["/v1/events"]}]`. Scripts in the browser ' +
        'may call the `browserPaths` ([single-page apps](examples/spa.md)); `url` is the address of an API whose identifier is another',
    ),
  SPA_DIRECTORY: z
    .string()
    .optional()
    .describe(
      'Folder with the built files of a single-page app, served at `/app/` ([single-page apps](examples/spa.md))',
    ),
  ...databaseVariables(`${name}, which has the sessions when there is no Redis`),
  ...stateVariables,
  ENCRYPTION_KEY: secretKeys().describe(
    'Key that encrypts stored sessions and tokens: 32 random bytes, base64url. Several keys are separated by commas: the first encrypts, all decrypt',
  ),
  SESSION_IDLE_SECONDS: seconds()
    .default(8 * 60 * 60)
    .describe('Number of seconds without a request after which a session ends'),
  SESSION_LIFETIME_SECONDS: seconds()
    .default(7 * 24 * 60 * 60)
    .describe('Number of seconds after the sign-in at which a session ends, even if it is in use'),
  SIGN_INS_PER_ADDRESS: limit(300).describe('Sign-ins that one address may start in a minute'),
  KEPT_FORMS_PER_ADDRESS: limit(60).describe(
    'Submitted forms of one address that are kept in an hour because their session has ended. The text of further forms stays in the page',
  ),
  DOWNLOAD_IDLE_SECONDS: seconds()
    .default(30)
    .describe('Seconds after which a download is reset when its reader takes nothing'),
});

/** The configuration of a web server. */
export type WebServerConfig = z.output<z.ZodObject<ReturnType<typeof webServerVariables>>>;

/**
 * Returns the rules about several variables that hold for every web server.
 *
 * @param apis the names of the APIs for which the app has variables of its own.
 */
export const webServerContradictions = (
  given: WebServerConfig,
  apis: readonly string[],
): readonly Contradiction<WebServerConfig>[] => [
  [
    'RESOURCE_PARAMETER',
    given.RESOURCE_PARAMETER === 'none' && apis.length > 1,
    `must be resource or audience: otherwise the provider cannot tell the tokens of ${apis.join(' and ')} apart`,
  ],
  [
    'APIS',
    given.RESOURCE_PARAMETER === 'none' && (given.APIS ?? []).length > 0,
    'needs RESOURCE_PARAMETER=resource or audience: otherwise the provider cannot tell the tokens of several APIs apart',
  ],
];

/** Injection token of the configuration. Inject only the part that you need: `Pick<WebServerConfig, 'ISSUER'>`. */
export const CONFIG = Symbol('CONFIG');
