import { type AppName, appNames, perApp, type PerApp } from '../apps.js';
import { isPortFree } from './free-port.js';
import { findPortHolder } from './port-holder.js';

const defaults: PerApp<number> = { provider: 3001, backend: 3002, frontend: 3000 };

/** Returns the URL of each app on this machine. */
export function localUrls(ports: PerApp<number>, https = false): PerApp<string> {
  return perApp((app) => `${https ? 'https' : 'http'}://localhost:${ports[app]}`);
}

/** Returns the port of each app from `PROVIDER_PORT`, `BACKEND_PORT` and `FRONTEND_PORT`, or the default port. */
export function portsFrom(environment: NodeJS.ProcessEnv): PerApp<number> {
  const ports = perApp((app) => portFrom(environment, app));
  if (new Set(Object.values(ports)).size < appNames.length) {
    throw new Error(`Two apps have the same port: ${JSON.stringify(ports)}. Choose a different port for each.`);
  }
  return ports;
}

/** Checks that the ports are free. @throws Error that names each taken port, its process, and how to choose another port. */
export async function assertPortsFree(ports: PerApp<number>, apps: readonly AppName[]): Promise<void> {
  const taken: AppName[] = [];
  for (const app of apps) if (!(await isPortFree(ports[app]))) taken.push(app);
  if (taken.length > 0) throw new Error(taken.map((app) => describe(app, ports[app])).join('\n'));
}

function portFrom(environment: NodeJS.ProcessEnv, app: AppName): number {
  const text = environment[variableOf(app)];
  if (!text) return defaults[app];
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${variableOf(app)} is ${JSON.stringify(text)}. It must be a port, a number from 1 to 65535.`);
}

function describe(app: AppName, port: number): string {
  const holder = findPortHolder(port);
  const who = holder ? `by process ${holder.pid} (${holder.command.slice(0, 100)})` : 'by another program';
  return `Port ${port} of the ${app} is taken ${who}. Stop that program, or choose another port: ${variableOf(app)}=${port + 100} npm start`;
}

function variableOf(app: AppName): string {
  return `${app.toUpperCase()}_PORT`;
}
