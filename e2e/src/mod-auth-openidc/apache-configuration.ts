import { join } from 'node:path';
import type { ApacheInstallation } from './find-apache.js';

/** Directives by their names; a list stands for a directive that is given more than once. */
export type Directives = Record<string, string | readonly string[]>;

export interface ApacheOptions extends ApacheInstallation {
  /** Holds the site, the logs and whatever else Apache writes. */
  directory: string;
  port: number;
  /** Whom Apache becomes, where root starts it. */
  user?: { uid: number; gid: number };
  /** What mod_auth_openidc is told. */
  openid: Directives;
}

const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'include', 'auth_openidc'];

/** Apache's configuration: one protected folder, in which `claims` shows what the application is told. */
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
