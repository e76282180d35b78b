import { join } from 'node:path';
import type { ApacheInstallation } from './find-apache.js';

/** Directives by name. A list repeats the directive for each of its values. */
export type Directives = Record<string, string | readonly string[]>;

/** The values in a configuration of Apache. */
export interface ApacheOptions extends ApacheInstallation {
  /** The directory for the site, the logs and the other files that Apache writes. */
  directory: string;
  port: number;
  /** The user to which Apache switches when root starts it. */
  user?: { uid: number; gid: number };
  /** The directives of mod_auth_openidc. */
  openid: Directives;
}

const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'include', 'auth_openidc'];

/**
 * Returns a configuration with one protected folder, in which the page `claims` shows what the application receives.
 */
export function apacheConfiguration({ directory, modules, port, user, openid }: ApacheOptions): string {
  const origin = `http://localhost:${port}`;
  return `
${MODULES.map((name) => `LoadModule ${name}_module ${quoted(join(modules, `mod_${name}.so`))}`).join('\n')}
${user ? `User #${user.uid}\nGroup #${user.gid}` : ''}
Define own ${quoted(join(directory, 'own'))}
ServerRoot ${quoted(directory)}
DefaultRuntimeDir ${quoted(directory)}
PidFile apache.pid
ErrorLog apache.log
LogLevel warn auth_openidc:info
ServerName ${origin}
Listen 127.0.0.1:${port}
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
KeepAlive Off

${Object.entries(openid).map(directive).join('\n')}

DocumentRoot ${quoted(join(directory, 'site'))}
<Directory ${quoted(join(directory, 'site'))}>
  Options +Includes
</Directory>
<Location "/protected">
  AuthType openid-connect
  Require valid-user
  SetOutputFilter INCLUDES
</Location>
`;
}

const directive = ([name, values]: [string, string | readonly string[]]): string =>
  [values]
    .flat()
    .map((value) => `${name} ${value}`)
    .join('\n');

const quoted = (text: string): string => `"${text}"`;
