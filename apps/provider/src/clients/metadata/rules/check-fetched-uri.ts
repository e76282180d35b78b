import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import { OutboundError } from '../../../outbound/outbound-fetcher.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * Checks that a URI is one that the provider may call (see `OutboundFetcher`), and has no fragment.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkFetchedUri(name: string, uri: string, outbound: RegistrationContext['outbound']): void {
  if (uri.includes('#')) throw invalidClientMetadata(`${name} must not have a fragment`);
  try {
    outbound.checkUrl(uri);
  } catch (cause) {
    if (cause instanceof OutboundError) throw invalidClientMetadata(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}
