import { Injectable } from '@nestjs/common';
import { Contact, type ContactInput, ContactPage, Profile } from '@trefoil/dto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Session } from '../session/session.js';
import { NotFoundError, StillRunningError } from './backend-errors.js';
import { BackendRequests } from './backend-requests.js';

/** A contact and the version it was read at. */
export interface ContactVersion {
  readonly contact: Contact;
  /** The `ETag`, for `If-Match`. */
  readonly etag: string;
}

const ATTEMPTS = 6;
const PAUSE_MILLISECONDS = 250;
const CONTACTS = '/v1/contacts';
/** The media type of one JSON object a line. */
export const NDJSON = 'application/x-ndjson';
const pathOf = (id: string): string => `${CONTACTS}/${encodeURIComponent(id)}`;

/** The backend's API, called for the person of a session; what it throws is in `backend-errors.ts`. */
@Injectable()
export class Backend {
  constructor(private readonly requests: BackendRequests) {}

  async profile(session: Session): Promise<Profile> {
    return (await this.requests.send(session, '/v1/profile', Profile)).body;
  }

  async contacts(session: Session, query: { search?: string; cursor?: string }): Promise<ContactPage> {
    return (await this.requests.send(session, CONTACTS, ContactPage, { query })).body;
  }

  /** All contacts of the person as they are stored, one JSON object a line; a stream that breaks off was not the end. */
  async allContacts(session: Session): Promise<Readable> {
    const { body } = await this.requests.stream(session, CONTACTS, { headers: { Accept: NDJSON } });
    return body ? Readable.fromWeb(body as ReadableStream<Uint8Array>) : Readable.from([]);
  }

  async contact(session: Session, id: string): Promise<ContactVersion> {
    const { body, headers } = await this.requests.send(session, pathOf(id), Contact);
    return { contact: body, etag: headers.get('ETag') ?? '*' };
  }

  /**
   * Adds a contact; the same key adds it once, however often it is sent. Whoever comes while the first is under way waits
   * for the same answer.
   */
  async addContact(session: Session, input: ContactInput, idempotencyKey: string): Promise<Contact> {
    const request = { method: 'POST', headers: { 'Idempotency-Key': idempotencyKey }, body: input };
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.requests.send(session, CONTACTS, Contact, request)).body;
      } catch (error) {
        if (!(error instanceof StillRunningError) || attempt === ATTEMPTS) throw error;
        await wait(PAUSE_MILLISECONDS);
      }
    }
  }

  /** Changes a contact, unless it is no longer the version that the etag names. */
  async changeContact(session: Session, id: string, input: ContactInput, etag: string): Promise<Contact> {
    const headers = { 'If-Match': etag };
    return (await this.requests.send(session, pathOf(id), Contact, { method: 'PATCH', headers, body: input })).body;
  }

  /** Deletes a contact; one that is gone already is as good as deleted. */
  async deleteContact(session: Session, id: string): Promise<void> {
    try {
      await this.requests.send(session, pathOf(id), z.unknown(), { method: 'DELETE' });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
}
