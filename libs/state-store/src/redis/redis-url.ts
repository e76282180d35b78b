const FORM = /^(rediss?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const HOST = /^(\[[\da-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/** The address of a node. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** A user name and a password. Redis without users has only a password. */
export interface RedisCredentials {
  readonly username?: string;
  readonly password?: string;
}

/** The content of a `REDIS_URL`. */
export interface RedisAddress extends RedisCredentials {
  /** One server, the masters of a cluster, or the master that sentinels name. */
  readonly kind: 'server' | 'cluster' | 'sentinel';
  readonly tls: boolean;
  /** One node of a server; some nodes of a cluster; some sentinels. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  /** The number of the database; a cluster has only 0. */
  readonly database: number;
  /** The name under which sentinels know the master. */
  readonly master?: string;
  /** The credentials for the sentinels themselves, which have their own. */
  readonly sentinels?: RedisCredentials;
}

/**
 * Parses a `REDIS_URL`. Names and passwords are percent-encoded, and `rediss` instead of `redis` means TLS:
 *
 * - `redis://user:password@host:6379/0` for one server, with the number of the database
 * - `redis+cluster://user:password@host1:6379,host2:6379` for a cluster, with some of its nodes
 * - `redis+sentinel://user:password@sentinel1:26379,sentinel2:26379/mymaster` for the master that sentinels name. A number of
 *   a database follows as `/mymaster/1`. Sentinels with a password of their own get it from `?sentinelPassword=`, and a user
 *   name from `sentinelUsername`.
 *
 * @throws Error that says what is wrong; it does not contain the URL, which has a password.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, kind = 'server', credentials = '', hosts = '', path = '', query = ''] = FORM.exec(url) ?? [];
  if (scheme === undefined || !isKind(kind)) {
    throw new Error('must be a redis://, rediss://, redis+cluster:// or redis+sentinel:// URL');
  }
  const [first, ...others] = hosts.split(',').map((host) => nodeOf(host, kind));
  if (!first || (kind === 'server' && others.length > 0)) {
    throw new Error('has several hosts: write redis+cluster:// or redis+sentinel://');
  }
  const parameters = new URLSearchParams(query);
  const [username, password] = credentialsIn(credentials);
  const address = { kind, tls: scheme === 'rediss', nodes: [first, ...others] as const, username, password };
  if (kind !== 'sentinel') return { ...address, database: databaseOf(kind, path) };
  const [master, database = ''] = path.split('/').map(decodeURIComponent);
  if (!master) throw new Error('must end with the name of the master: redis+sentinel://host:26379/mymaster');
  const own = (name: string) => parameters.get(name) ?? undefined;
  const sentinels = { username: own('sentinelUsername'), password: own('sentinelPassword') };
  return { ...address, master, database: databaseOf(kind, database), sentinels };
}

const isKind = (kind: string): kind is RedisAddress['kind'] => ['server', 'cluster', 'sentinel'].includes(kind);

function nodeOf(text: string, kind: RedisAddress['kind']): RedisNode {
  const [, host, port = kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT] = HOST.exec(text) ?? [];
  if (host === undefined)
    throw new Error('must have a host, or hosts separated by commas, each with or without a port');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function credentialsIn(text: string): [username?: string, password?: string] {
  if (text === '') return [];
  const [username = '', ...password] = text.split(':');
  return [decodeURIComponent(username) || undefined, decodeURIComponent(password.join(':')) || undefined];
}

function databaseOf(kind: RedisAddress['kind'], text: string): number {
  const database = Number(text);
  if (!Number.isInteger(database) || database < 0 || (kind === 'cluster' && database !== 0)) {
    throw new Error('must end with the number of a database, and a cluster has only database 0');
  }
  return database;
}
