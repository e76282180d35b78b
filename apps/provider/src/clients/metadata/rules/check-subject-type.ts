import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import { OutboundError } from '../../../outbound/outbound-fetcher.js';
import { checkFetchedUri } from './check-fetched-uri.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * Checks the sector of a client. Clients of one sector see the same pairwise subjects. The sector is the host of the redirect
 * URIs. Several hosts need a `sector_identifier_uri`, whose document must list every redirect URI, so that a client cannot
 * join the sector of another one (OpenID Connect Registration §5, OpenID Connect Core §8.1).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export async function checkSubjectType(
  { metadata, outbound }: Pick<RegistrationContext, 'metadata' | 'outbound'>,
  { redirectUris }: Pick<Client, 'redirectUris'>,
): Promise<Pick<Client, 'subjectType' | 'sectorIdentifierUri'>> {
  const { subject_type: subjectType, sector_identifier_uri } = metadata;
  if (sector_identifier_uri !== undefined) {
    checkFetchedUri('sector_identifier_uri', sector_identifier_uri, outbound);
    const members = await fetchMembers(sector_identifier_uri, outbound);
    if (!redirectUris.every((uri) => members.includes(uri))) {
      throw invalidClientMetadata('sector_identifier_uri: its document must list every redirect URI');
    }
  } else if (subjectType === 'pairwise' && !haveOneHost(redirectUris)) {
    throw invalidClientMetadata(
      'sector_identifier_uri is missing. It is required, because the redirect URIs do not have one common host',
    );
  }
  return { subjectType, sectorIdentifierUri: sector_identifier_uri ?? null };
}

/** Returns whether all URIs have the same host. A private-use scheme has none. */
function haveOneHost(redirectUris: readonly string[]): boolean {
  const hosts = new Set(redirectUris.map((uri) => (/^https?:/i.test(uri) ? new URL(uri).hostname : '')));
  return hosts.size === 1 && !hosts.has('');
}

async function fetchMembers(uri: string, outbound: RegistrationContext['outbound']): Promise<unknown[]> {
  try {
    const { json } = await outbound.getJson(uri);
    if (Array.isArray(json)) return json as unknown[];
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    throw invalidClientMetadata(`sector_identifier_uri: ${cause.message}`, { cause });
  }
  throw invalidClientMetadata('sector_identifier_uri: its document is not a JSON array');
}
