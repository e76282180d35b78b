import { type Scope, SUBJECT_KINDS } from '@trefoil/dto';
import { z } from 'zod';
import type { ResourceServer } from './resource-server.entity.js';

/** The lifetimes of access tokens that a resource server may have, in seconds. */
const SHORTEST_LIFETIME = 10;
const LONGEST_LIFETIME = 24 * 3600;
const DEFAULT_LIFETIME = 600;

const MOST_SCOPES = 100;
const MOST_CLIENTS = 1000;

/** A line of text. PostgreSQL can store neither U+0000 nor half of a surrogate pair. */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*[^\s\p{Cc}\p{Cs}][^\p{Cc}\p{Cs}]*$/u, 'must be a line of text');

const ScopeJson = z.strictObject({
  /** The scope as it stands in requests and tokens. */
  name: z.string().max(100),
  /** Completes "The application wants to …" on the consent page. */
  description: line(200),
  /** The kinds of subjects that the scope can be granted to. */
  granted_to: z.array(z.enum(SUBJECT_KINDS)).min(1).max(SUBJECT_KINDS.length),
});

const members = {
  name: line(100),
  scopes: z.array(ScopeJson).max(MOST_SCOPES),
  /** The clients that may get tokens of users for this server; null allows every client. */
  user_clients: z.array(z.string().max(200)).max(MOST_CLIENTS).nullable(),
  /** The client with which the server itself calls the provider. */
  client_id: z.string().max(200).nullable(),
  /** The lifetime of access tokens for this server, in seconds. */
  access_token_lifetime: z.int().min(SHORTEST_LIFETIME).max(LONGEST_LIFETIME),
};

/** A resource server to register. */
export const NewResourceServer = z.strictObject({
  identifier: z.string().max(500),
  ...members,
  client_id: members.client_id.default(null),
  access_token_lifetime: members.access_token_lifetime.default(DEFAULT_LIFETIME),
});
export type NewResourceServer = z.input<typeof NewResourceServer>;

/** A change of a resource server, as a JSON merge patch (RFC 7396). The identifier never changes. */
export const ResourceServerPatch = z.strictObject(members).partial();
export type ResourceServerPatch = z.input<typeof ResourceServerPatch>;

/** A resource server as the admin API and the commands show it. */
export const ResourceServerJson = z.object({
  /** The identifier in base64url, which names the server in the paths of the admin API. */
  id: z.string(),
  /** The resource identifier, which is the `aud` of its access tokens (RFC 8707 §2). */
  identifier: z.string(),
  ...members,
  created_at: z.iso.datetime(),
});
export type ResourceServerJson = z.infer<typeof ResourceServerJson>;

/** Returns the JSON of a resource server. */
export const resourceServerJson = (server: ResourceServer): ResourceServerJson => ({
  id: Buffer.from(server.identifier).toString('base64url'),
  identifier: server.identifier,
  name: server.name,
  scopes: server.scopes.map(({ name, description, grantedTo }) => ({ name, description, granted_to: [...grantedTo] })),
  user_clients: server.userClients,
  client_id: server.clientId,
  access_token_lifetime: server.accessTokenLifetime,
  created_at: server.createdAt.toISOString(),
});

/** Returns the identifier of a resource server that an `id` of its JSON stands for. */
export const identifierOfId = (id: string): string => Buffer.from(id, 'base64url').toString();

/** The columns of a resource server that administrators set. */
export type ResourceServerContent = Omit<ResourceServer, 'identifier' | 'createdAt'>;

/** Returns the columns that the members of a body set. */
export function contentOf(body: Omit<z.output<typeof NewResourceServer>, 'identifier'>): ResourceServerContent;
export function contentOf(patch: z.output<typeof ResourceServerPatch>): Partial<ResourceServerContent>;
export function contentOf({
  name,
  scopes,
  user_clients,
  client_id,
  access_token_lifetime,
}: z.output<typeof ResourceServerPatch>): Partial<ResourceServerContent> {
  return {
    ...(name !== undefined && { name }),
    ...(scopes && { scopes: scopes.map(scopeOf) }),
    ...(user_clients !== undefined && { userClients: user_clients && [...new Set(user_clients)] }),
    ...(client_id !== undefined && { clientId: client_id }),
    ...(access_token_lifetime !== undefined && { accessTokenLifetime: access_token_lifetime }),
  };
}

const scopeOf = ({ name, description, granted_to }: z.output<typeof ScopeJson>): Scope => ({
  name,
  description,
  grantedTo: SUBJECT_KINDS.filter((kind) => granted_to.includes(kind)),
});
