import { type App, mtlsPortFor, mtlsPortVariable, portVariable } from '@trefoil/app-registry';
import { mapPerApp, perApp, type PerApp } from '../apps.js';
import { isPortFree } from './free-port.js';
import { findPortHolder } from './port-holder.js';

/** Returns the URL of each app on this machine. */
export function localUrls(ports: PerApp<number>, https = false): PerApp<string> {
  return mapPerApp(ports, (port) => `${https ? 'https' : 'http'}://localhost:${port}`);
}

/** One value for each app that asks for client certificates: the provider and the resource servers. */
export type PerResourceServer<T> = Record<'provider' | 'backend', T> & Record<string, T>;

/** Returns the URL at which each app asks for client certificates on this machine. */
export const localMtlsUrls = (ports: PerResourceServer<number>): PerResourceServer<string> =>
  Object.fromEntries(
    Object.entries(ports).map(([app, port]) => [app, `https://localhost:${port}`]),
  ) as PerResourceServer<string>;

/** Returns the port at which each app asks for client certificates: from its variable, such as `PROVIDER_MTLS_PORT`, or 400 above. */
export function mtlsPortsFrom(
  environment: NodeJS.ProcessEnv,
  apps: readonly App[],
  ports: PerApp<number>,
): PerResourceServer<number> {
  const found = apps
    .filter(({ mtlsPort }) => mtlsPort !== undefined)
    .map(({ name }): [string, number] => [
      name,
      portIn(environment, mtlsPortVariable(name)) ?? mtlsPortFor(ports[name] ?? 0),
    ]);
  const all = [...Object.values(ports), ...found.map(([, port]) => port)];
  if (new Set(all).size < all.length) {
    throw new Error(
      `Two ports are the same: ${JSON.stringify(ports)} and, for client certificates, ${JSON.stringify(Object.fromEntries(found))}. Choose different ones.`,
    );
  }
  return Object.fromEntries(found) as PerResourceServer<number>;
}

/** Returns the port of each app: from its variable, such as `PROVIDER_PORT`, or else the default port. */
export function portsFrom(environment: NodeJS.ProcessEnv, apps: readonly App[]): PerApp<number> {
  const ports = perApp(apps, (app) => portFrom(environment, app));
  if (new Set(Object.values(ports)).size < apps.length) {
    throw new Error(`Two apps have the same port: ${JSON.stringify(ports)}. Choose a different port for each.`);
  }
  return ports;
}

/** Checks that the ports are free. @throws Error that names each taken port, its process, and how to choose another port. */
export async function assertPortsFree(
  ports: PerApp<number>,
  apps: readonly string[],
  mtlsPorts: Readonly<Record<string, number>> = {},
): Promise<void> {
  const needed = [
    ...Object.entries(ports).map(([app, port]) => ({ app, port, variable: portVariable(app) })),
    ...Object.entries(mtlsPorts).map(([app, port]) => ({ app, port, variable: mtlsPortVariable(app) })),
  ];
  const problems: string[] = [];
  for (const each of needed)
    if (apps.includes(each.app) && !(await isPortFree(each.port))) problems.push(describe(each));
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

const portFrom = (environment: NodeJS.ProcessEnv, app: App): number =>
  portIn(environment, portVariable(app.name)) ?? app.port;

function portIn(environment: NodeJS.ProcessEnv, variable: string): number | undefined {
  const text = environment[variable];
  if (!text) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${variable} is ${JSON.stringify(text)}. It must be a port, a number from 1 to 65535.`);
}

function describe({ app, port, variable }: { app: string; port: number; variable: string }): string {
  const holder = findPortHolder(port);
  const who = holder ? `by process ${holder.pid} (${holder.command.slice(0, 100)})` : 'by another program';
  return `Port ${port} of the ${app} is taken ${who}. Stop that program, or choose another port: ${variable}=${port + 100} npm start`;
}
