import type { App } from '@trefoil/app-registry';
import type { Pki } from '@trefoil/pki';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceApps } from '../apps.js';

/** The names at which the apps are reached on this machine. */
const HOSTS = ['localhost', '127.0.0.1', '::1'];

/** Creates or renews the certificates of the apps, in the folder `pki` of an installation. */
export async function ensureCertificates(directory: string, apps: readonly App[] = workspaceApps().apps): Promise<Pki> {
  // Loaded on demand, because a stack without certificates does not need it.
  const { ensurePki } = await import('@trefoil/pki');
  return ensurePki(
    join(directory, 'pki'),
    apps.map(({ name }) => ({ name, hosts: HOSTS })),
  );
}

/** Remembers whether an installation speaks HTTPS, so that commands know its issuer. */
export const rememberScheme = (directory: string, https: boolean): void =>
  writeFileSync(schemeFile(directory), https ? 'https' : 'http');

/** Returns whether an installation spoke HTTPS when it was last started. */
export const usesHttps = (directory: string): boolean =>
  existsSync(schemeFile(directory)) && readFileSync(schemeFile(directory), 'utf8') === 'https';

const schemeFile = (directory: string): string => join(directory, 'scheme');
