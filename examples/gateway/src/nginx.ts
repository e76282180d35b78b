import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PATHS = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'];
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** The values that replace `${NAME}` in the configuration files. */
export type NginxSettings = Readonly<Record<string, string>>;

/** Returns the path of nginx: that of `NGINX_PATH`, or one in a usual place. Undefined when there is none. */
export function findNginx({ NGINX_PATH }: NodeJS.ProcessEnv = process.env): string | undefined {
  return (NGINX_PATH ? [NGINX_PATH] : PATHS).find((path) => existsSync(path));
}

/** Returns a configuration file with its settings. @throws Error when a setting is missing. */
export function fillIn(text: string, settings: NginxSettings): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_all, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`The nginx configuration needs the setting ${name}.`);
    return value;
  });
}

/**
 * Writes the configuration to a directory, checks it, and starts nginx. nginx runs until the process gets a signal.
 *
 * @throws Error with the message of nginx when it refuses the configuration.
 */
export function startNginx(program: string, directory: string, settings: NginxSettings): ChildProcess {
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.conf'))) {
    const text = fillIn(readFileSync(join(FOLDER, name), 'utf8'), { DIRECTORY: directory, ...settings });
    writeFileSync(join(directory, name), text);
  }
  const options = ['-p', directory, '-e', 'stderr', '-c', join(directory, 'nginx.conf')];
  const { status, stderr, error } = spawnSync(program, [...options, '-t'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nginx refused its configuration: ${error?.message ?? stderr}`);
  return spawn(program, [...options, '-g', 'daemon off;'], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Stops nginx and waits for its end. */
export async function stopNginx(nginx: ChildProcess): Promise<void> {
  if (nginx.exitCode !== null || nginx.signalCode !== null) return;
  const exit = once(nginx, 'exit');
  nginx.kill('SIGTERM');
  await exit;
}
