import autocannon from 'autocannon';
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

/** Reads the body of a JSON response. @throws Error when it is no success. */
export function readJson(status: number, body: string): Record<string, string> {
  if (status !== 200) throw new Error(`Status ${status}: ${body.slice(0, 300)}`);
  return JSON.parse(body) as Record<string, string>;
}

/** Posts a form of a client and returns the JSON of the response. */
export async function post(
  { url }: AuthorizationServer,
  path: string,
  client: RegisteredClient,
  parameters: Record<string, string>,
): Promise<Record<string, string>> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: formHeaders(client),
    body: new URLSearchParams(parameters),
  });
  return readJson(response.status, await response.text());
}
