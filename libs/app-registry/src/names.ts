import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const toVariable = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** Returns the name of the product: the name of the workspace's package. */
export function productName(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return z.object({ name: z.string() }).parse(manifest).name;
}

/** Returns the name of an app's database and role, such as `trefoil_provider`. */
export const databaseName = (product: string, app: string): string => `${product}_${app}`.replaceAll('-', '_');

/** Returns the variable that sets the port of an app for `npm start`, such as `PROVIDER_PORT`. */
export const portVariable = (app: string): string => `${toVariable(app)}_PORT`;

/** Returns the variable that sets the port at which an app asks for client certificates, such as `PROVIDER_MTLS_PORT`. */
export const mtlsPortVariable = (app: string): string => `${toVariable(app)}_MTLS_PORT`;

/** Returns the variable with which an app reads one of its keys, such as `GRANT_KEY`. */
export const keyVariable = (key: string): string => toVariable(key);

/** Returns the variable with the URL of an app for its callers, such as `BACKEND_URL`. */
export const urlVariable = (app: string): string => `${toVariable(app)}_URL`;

/** Returns the variable with the URL at which an app asks its callers for client certificates, such as `BACKEND_MTLS_URL`. */
export const mtlsUrlVariable = (app: string): string => `${toVariable(app)}_MTLS_URL`;
