import { z } from 'zod';

/** The kinds of apps, in the order in which lists show them. */
export const KINDS = ['provider', 'resource-server', 'web'] as const;

/** A name that can be part of a host name, a folder, a volume and, with underscores, a variable. */
const name = () =>
  z
    .string()
    .max(40, 'must have at most 40 characters')
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must consist of lowercase letters, digits and single hyphens');

/** The schema of the file `app.json` in the folder of an app. */
export const appSchema = z.strictObject({
  $schema: z.string().optional(),
  kind: z
    .enum(KINDS, `must be one of ${KINDS.join(', ')}`)
    .describe('provider: the OpenID provider; resource-server: an API; web: a server with pages for browsers'),
  purpose: z.string().trim().min(1, 'must not be empty').describe('What the app is, in a few words for lists'),
  port: z
    .int()
    .min(1024, 'must be at least 1024')
    .max(65_135, 'must be at most 65135, so that the port for client certificates can be 400 above')
    .describe('Default port'),
  hostLabel: name().optional().describe('First label of its host name, such as `api`. Default: the name of the app'),
  database: z.boolean().default(true).describe('Whether it has a PostgreSQL database of its own'),
  keys: z
    .array(name())
    .default([])
    .describe('The keys that it needs, 32 random bytes each. `grant-key` becomes the variable `GRANT_KEY`'),
  clientCertificate: z
    .boolean()
    .default(false)
    .describe('Whether it presents a certificate when it connects to other servers (RFC 8705)'),
  uses: z.array(name()).default([]).describe('The names of the resource servers that it calls for its users'),
});

/** The part that an app has in the system. */
export type AppKind = (typeof KINDS)[number];

/** An app of the workspace, as its `app.json` describes it. */
export type App = Omit<z.output<typeof appSchema>, '$schema' | 'hostLabel'> & {
  /** The name of its folder, its database, its client at the provider and its services in compose. */
  readonly name: string;
  readonly hostLabel: string;
  /** The default port at which it asks for client certificates (RFC 8705 §5); undefined for web apps, which browsers call. */
  readonly mtlsPort: number | undefined;
};

/** Returns the port at which an app asks for client certificates when its usual port is the given one. */
export const mtlsPortFor = (port: number): number => port + 400;
