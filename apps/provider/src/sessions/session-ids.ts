import { createHmac, randomUUID } from 'node:crypto';
import type { Client } from '../clients/client.entity.js';

/** The position of the version in a UUID (RFC 9562 §4.2), and the version of the ids that this server creates. */
const VERSION_INDEX = 14;
const DERIVED = '8';

/**
 * Creates the id of a session. Its version says that clients get a `sid` of their own. The ids of earlier versions of this
 * server were random UUIDs of version 4, and every client got the id itself.
 */
export function newSessionId(): string {
  const id = randomUUID();
  return id.slice(0, VERSION_INDEX) + DERIVED + id.slice(VERSION_INDEX + 1);
}

/**
 * Derives the `sid` by which a client knows a session (OpenID Connect Back-Channel Logout §2.1). Each client has its own, so
 * that clients cannot find out that the same person uses them.
 */
export class SessionIds {
  /** @param key the key of pairwise subjects, which never changes; see `subjectKey`. */
  constructor(private readonly key: Uint8Array) {}

  /** Returns the `sid` of a session for a client. */
  of({ clientId }: Pick<Client, 'clientId'>, sessionId: string): string {
    if (sessionId[VERSION_INDEX] !== DERIVED) return sessionId;
    // A client id cannot contain a NUL, and no pairwise subject is derived from a text that begins like this.
    return createHmac('sha256', this.key).update(`sid\0${clientId}\0${sessionId}`).digest('base64url');
  }
}
