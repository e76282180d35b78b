import { type TransportPolicy, transportProblem } from '@trefoil/oauth-protocol';
import { variables } from '@trefoil/server-kit';
import { refusedValue } from '../http/refusal.js';
import type { ServerUrls } from './registrations.js';

/**
 * Checks the URLs of the servers of an installation: https, or http where the policy allows it.
 *
 * @throws Refusal that names the URL: `ISSUER`, `frontend_url` or `backend_url`.
 */
export function checkUrls(urls: ServerUrls, policy: TransportPolicy): void {
  for (const [field, address] of [
    ['ISSUER', urls.issuer],
    ['frontend_url', urls.frontend],
    ['backend_url', urls.backend],
  ] as const) {
    const problem = problemOf(address, policy) ?? (field === 'frontend_url' ? pathProblemOf(address) : undefined);
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

function problemOf(address: string, policy: TransportPolicy): string | undefined {
  const parsed = baseUrl.safeParse(address);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  return transportProblem(address, policy);
}

/** Cookies of the frontend belong to its whole origin. */
const pathProblemOf = (address: string): string | undefined =>
  new URL(address).origin === address ? undefined : 'must be an origin, without a path';
