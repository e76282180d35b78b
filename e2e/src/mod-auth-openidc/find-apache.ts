import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An Apache HTTP server that has mod_auth_openidc. */
export interface ApacheInstallation {
  server: string;
  modules: string;
}

/** Where Debian puts it. */
const installation: ApacheInstallation = { server: '/usr/sbin/apache2', modules: '/usr/lib/apache2/modules' };

export function findApache(): ApacheInstallation | undefined {
  const { server, modules } = installation;
  return [server, join(modules, 'mod_auth_openidc.so')].every((path) => existsSync(path)) ? installation : undefined;
}
