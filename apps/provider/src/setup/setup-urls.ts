import { isLoopbackHost } from '@trefoil/oauth-protocol';
import { variables } from '@trefoil/server-kit';
import type { ProviderConfig } from '../config.js';
import type { ServerUrls } from './registrations.js';

/** Thrown when a value of a setup is refused. Nothing has been changed. */
export class SetupRefusedError extends Error {
  override readonly name = 'SetupRefusedError';

  /**
   * @param field the refused value; undefined when the database itself is refused.
   * @param message says what is wrong with it and what to do.
   */
  constructor(
    readonly field: keyof ServerUrls | 'client-secret' | undefined,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Checks the URLs of the servers of an installation: https, or outside of production http on loopback.
 *
 * @throws SetupRefusedError that names the URL.
 */
export function checkUrls(urls: ServerUrls, { NODE_ENV }: Pick<ProviderConfig, 'NODE_ENV'>): void {
  for (const [field, address] of [
    ['issuer', urls.issuer],
    ['frontend', urls.frontend],
    ['backend', urls.backend],
  ] as const) {
    const problem = problemOf(address, NODE_ENV === 'production') ?? (field === 'frontend' && pathProblemOf(address));
    if (problem) throw new SetupRefusedError(field, `${JSON.stringify(address)} ${problem}`);
  }
  if (new Set(Object.values(urls)).size < 3) {
    throw new SetupRefusedError(
      'backend',
      'must differ: the provider, the frontend and the backend each need a URL of their own',
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
