import { randomSecret } from '@trefoil/oauth-protocol';
import type { ProviderConfig } from '../../config.js';
import type { ServerUrls } from '../../setup/registrations.js';
import type { ClientApp, SetupRequest } from '../../setup/setup.js';
import { clientSecretFile } from './client-secret-files.js';

/** The environment variables of an app, by name. */
export type AppEnvironment = Readonly<Record<string, string>>;

/** Where the client secrets are: in files, or in memory because they are printed. */
export type ClientSecretPlace = { readonly directory: string } | { readonly secrets: ReadonlyMap<ClientApp, string> };

/** Returns the environment variables that the backend and the frontend need to use a new installation. */
export function appEnvironments(
  { issuer, frontend, backend }: ServerUrls,
  { NODE_ENV, MTLS_URL }: Pick<ProviderConfig, 'NODE_ENV' | 'MTLS_URL'>,
  { place, certificates = {} }: { place: ClientSecretPlace } & Pick<SetupRequest, 'certificates'>,
): Readonly<Record<ClientApp, AppEnvironment>> {
  return {
    backend: {
      NODE_ENV,
      PUBLIC_URL: backend,
      ISSUER: issuer,
      CLIENT_ID: 'backend',
      ...(certificates.backend ? mtlsVariable(MTLS_URL) : secretVariable('backend', place)),
      USER_CLIENTS: 'frontend',
    },
    frontend: {
      NODE_ENV,
      PUBLIC_URL: frontend,
      ISSUER: issuer,
      BACKEND_URL: backend,
      CLIENT_ID: 'frontend',
      ...(!certificates.frontend && secretVariable('frontend', place)),
      // With secret files, the operator keeps this key in a file too.
      ...('secrets' in place && { ENCRYPTION_KEY: randomSecret() }),
    },
  };
}

const mtlsVariable = (url: string | undefined): AppEnvironment => (url === undefined ? {} : { PROVIDER_MTLS_URL: url });

function secretVariable(app: ClientApp, place: ClientSecretPlace): AppEnvironment {
  if ('directory' in place) return { CLIENT_SECRET_FILE: clientSecretFile(place.directory, app) };
  return { CLIENT_SECRET: place.secrets.get(app) ?? '' };
}

/** Formats the environment of an app as the lines of an environment file. */
export const environmentFile = (environment: AppEnvironment): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
