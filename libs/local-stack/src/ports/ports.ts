import { type App, portVariable } from '@trefoil/app-registry';
import { mapPerApp, perApp, type PerApp } from '../apps.js';
import { isPortFree } from './free-port.js';
import { findPortHolder } from './port-holder.js';

/** Returns the URL of each app on this machine. */
export function localUrls(ports: PerApp<number>, https = false): PerApp<string> {
  return mapPerApp(ports, (port) => `${https ? 'https' : 'http'}://localhost:${port}`);
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
export async function assertPortsFree(ports: PerApp<number>, apps: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const [app, port] of Object.entries(ports))
    if (apps.includes(app) && !(await isPortFree(port))) problems.push(describe(app, port));
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function portFrom(environment: NodeJS.ProcessEnv, app: App): number {
  const variable = portVariable(app.name);
  const text = environment[variable];
  if (!text) return app.port;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${variable} is ${JSON.stringify(text)}. It must be a port, a number from 1 to 65535.`);
}

function describe(app: string, port: number): string {
  const holder = findPortHolder(port);
  const who = holder ? `by process ${holder.pid} (${holder.command.slice(0, 100)})` : 'by another program';
  return `Port ${port} of the ${app} is taken ${who}. Stop that program, or choose another port: ${portVariable(app)}=${port + 100} npm start`;
}
