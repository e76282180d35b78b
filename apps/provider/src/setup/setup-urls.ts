import { isLoopbackHost } from '@trefoil/oauth-protocol';
import { variables } from '@trefoil/server-kit';
import type { ProviderConfig } from '../config.js';
import { refusedValue } from '../http/refusal.js';
import type { ServerUrls } from './registrations.js';

/**
 * Checks the URLs of the servers of an installation: https, or outside of production http on loopback.
 *
 * @throws Refusal that names the URL: `ISSUER`, `frontend_url` or `backend_url`.
 */
export function checkUrls(urls: ServerUrls, { NODE_ENV }: Pick<ProviderConfig, 'NODE_ENV'>): void {
  for (const [field, address] of [
    ['ISSUER', urls.issuer],
    ['frontend_url', urls.frontend],
    ['backend_url', urls.backend],
  ] as const) {
    const problem =
      problemOf(address, NODE_ENV === 'production') ?? (field === 'frontend_url' ? pathProblemOf(address) : undefined);
    if (problem) throw refusedValue(field, problem);
  }
  if (new Set(Object.values(urls)).size < 3) {
    throw refusedValue(
      'backend_url',
      'must differ from the issuer and the URL of the frontend, as these must from each other',
    );
  }
}

const baseUrl = variables.baseUrl();

function problemOf(address: string, isProduction: boolean): string | undefined {
  const parsed = baseUrl.safeParse(address);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return undefined;
  if (isProduction) return 'must be an https URL when NODE_ENV is production';
  return isLoopbackHost(hostname) ? undefined : 'must be an https URL, or http on loopback';
}

/** Cookies of the frontend belong to its whole origin. */
const pathProblemOf = (address: string): string | undefined =>
  new URL(address).origin === address ? undefined : 'must be an origin, without a path';
