import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of an Apache HTTP server and of its modules. */
export interface ApacheInstallation {
  server: string;
  modules: string;
}

/** The paths on Debian. */
const installation: ApacheInstallation = { server: '/usr/sbin/apache2', modules: '/usr/lib/apache2/modules' };

/** Returns the installed Apache, or undefined when it or mod_auth_openidc is not installed. */
export function findApache(): ApacheInstallation | undefined {
  const { server, modules } = installation;
  return [server, join(modules, 'mod_auth_openidc.so')].every((path) => existsSync(path)) ? installation : undefined;
}
