import { createHmac } from 'node:crypto';
import type { Client } from '../clients/client.entity.js';

type SubjectOwner = Pick<Client, 'clientId' | 'subjectType' | 'sectorIdentifierUri' | 'redirectUris'>;

/**
 * The `sub` by which a client knows a person (OpenID Connect Core §8).
 *
 * It is the same wherever the client is told who that is: ID token, userinfo, introspection, hints. Access tokens keep
 * the public one, because they speak to the resource server, which must know the person whichever client they use; to
 * the client they are opaque (RFC 9068 §6).
 */
export class Subjects {
  /** @param key Never changes: people are known by what it makes. */
  constructor(private readonly key: Uint8Array) {}

  /** Public: the user's id. Pairwise: a MAC of the client's sector and the user's id, which tells neither (§8.1). */
  of(client: SubjectOwner, userId: string): string {
    if (client.subjectType === 'public') return userId;
    // No host has a NUL, so that no two pairs are one text.
    return createHmac('sha256', this.key)
      .update(`${sectorOf(client)}\0${userId}`)
      .digest('base64url');
  }
}

/** The host that clients share which may know a person by one name; a client without any redirect URI is its own. */
function sectorOf({ clientId, sectorIdentifierUri, redirectUris }: SubjectOwner): string {
  const uri = sectorIdentifierUri ?? redirectUris[0];
  return uri === undefined ? clientId : new URL(uri).hostname;
}
