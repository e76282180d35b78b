import type autocannon from 'autocannon';
import type { ConnectionScript, Load } from '../load/load.js';
import { type AuthorizationServer, formHeaders, type RegisteredClient } from '../servers/authorization-server.js';
import type { ScriptServer } from '../servers/script.js';
import type { Contender, Role } from './case.js';

/** Returns a request with a form of a client. */
export const form = (
  path: string,
  client: RegisteredClient,
  parameters: Record<string, string>,
): autocannon.Request => ({
  method: 'POST',
  path,
  headers: formHeaders(client),
  body: new URLSearchParams(parameters).toString(),
});

/** Returns a contender that runs an authorization server. */
export const contender = (
  role: Role,
  { name, url, processes }: AuthorizationServer,
  load: Omit<Load, 'url'>,
): Contender => ({ role, name, processes, load: { url, ...load } });

/** Returns the contender that does nothing but the one thing that cannot be left out. */
export const limit = (
  { url, pid }: ScriptServer,
  request: autocannon.Request,
  database: readonly number[] = [],
): Contender => ({
  role: 'limit',
  name: 'bare route',
  processes: { server: [pid], database },
  load: { url, connect: () => [request] },
});

/** Returns a script that sends the same request again and again. */
export const repeat = (request: autocannon.Request) => (): ConnectionScript => [{ ...request }];

/** Reads the JSON of a successful response. */
export const readJson = (body: string): Record<string, string> => JSON.parse(body) as Record<string, string>;
