import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { createHmac, hkdfSync } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Client } from '../clients/client.entity.js';
import type { ProviderConfig } from '../config.js';
import type { ServerSecrets } from '../keys/server-secrets/server-secrets.js';

const KEY_BYTES = 32;

type SubjectOwner = Pick<Client, 'clientId' | 'subjectType' | 'sectorIdentifierUri' | 'redirectUris'>;

/**
 * Derives the `sub` by which a client knows a user (OpenID Connect Core §8).
 *
 * The client gets the same value everywhere: in ID tokens, access tokens, userinfo, the account API, introspection and hints.
 * A resource server must recognize a user whichever client they use, so that introspection tells it the public subject.
 */
export class Subjects {
  /** @param key see {@link subjectKey} */
  constructor(private readonly key: Uint8Array) {}

  /**
   * Returns the user's id for a client with public subjects. For a client with pairwise subjects, returns a MAC of the
   * client's sector and the user's id, from which neither can be derived (§8.1).
   */
  of(client: SubjectOwner, userId: string): string {
    if (client.subjectType === 'public') return userId;
    // A host cannot contain a NUL, so that two different pairs never give the same text.
    return createHmac('sha256', this.key)
      .update(`${sectorOf(client)}\0${userId}`)
      .digest('base64url');
  }

  /** Returns the claims that name a user in an access token for a client. */
  accessTokenClaims(client: SubjectOwner, userId: string): Pick<AccessTokenClaims, 'sub' | 'subject_type'> {
    return { sub: this.of(client, userId), subject_type: client.subjectType === 'pairwise' ? 'pairwise' : undefined };
  }
}

/** Returns the sector of a client: the host that it shares with its sibling clients, or its id if it has no redirect URI. */
function sectorOf({ clientId, sectorIdentifierUri, redirectUris }: SubjectOwner): string {
  const uri = sectorIdentifierUri ?? redirectUris[0];
  return uri === undefined ? clientId : new URL(uri).hostname;
}

/**
 * Returns the key of pairwise subjects. It must never change, because clients would no longer recognize their users.
 * Therefore it is derived from the oldest `GRANT_KEY` once and stored, so that `GRANT_KEY` can be replaced.
 *
 * @param transaction the transaction in which it is stored; a transaction of its own when missing.
 */
export async function subjectKey(
  secrets: ServerSecrets,
  { GRANT_KEY }: Pick<ProviderConfig, 'GRANT_KEY'>,
  transaction?: EntityManager,
): Promise<Uint8Array> {
  const oldest = GRANT_KEY.at(-1) ?? GRANT_KEY[0];
  const initial = new Uint8Array(hkdfSync('sha256', oldest, '', 'pairwise subject identifiers', KEY_BYTES));
  return secrets.obtain('pairwise-subjects', initial, transaction);
}
