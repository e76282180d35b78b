import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import { OutboundError } from '../../../outbound/outbound-fetcher.js';
import { checkFetchedUri } from './check-fetched-uri.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * Clients of one sector see the same pairwise subjects. The sector is the host of the redirect URIs; several hosts need a
 * `sector_identifier_uri`, whose document must name every redirect URI, so that nobody joins a sector uninvited
 * (OpenID Connect Registration §5, OpenID Connect Core §8.1).
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
      throw invalidClientMetadata('sector_identifier_uri: its document does not name every one of redirect_uris');
    }
  } else if (subjectType === 'pairwise' && !haveOneHost(redirectUris)) {
    throw invalidClientMetadata('sector_identifier_uri is missing: the redirect URIs do not have one host');
  }
  return { subjectType, sectorIdentifierUri: sector_identifier_uri ?? null };
}

/** A private-use scheme has no host, and so no sector of its own. */
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
