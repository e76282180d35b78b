import { Injectable } from '@nestjs/common';
import { Contact, type ContactInput, ContactPage, Profile } from '@trefoil/dto';
import { type ApiClient, ApiClients, NotFoundError, RequestInProgressError, type Session } from '@trefoil/web-server';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { BACKEND } from '../config.js';

/** A contact and its version. */
export interface ContactVersion {
  readonly contact: Contact;
  /** The `ETag`, for `If-Match`. */
  readonly etag: string;
}

const ATTEMPTS = 6;
const PAUSE_MILLISECONDS = 250;
const CONTACTS = '/v1/contacts';
/** The media type of one JSON object per line. */
export const NDJSON = 'application/x-ndjson';
const pathOf = (id: string): string => `${CONTACTS}/${encodeURIComponent(id)}`;

/** Calls the backend's API for the user of a session. Throws the errors of `ApiClient`. */
@Injectable()
export class BackendClient {
  private readonly requests: ApiClient;

  constructor(clients: ApiClients) {
    this.requests = clients.of(BACKEND);
  }

  async profile(session: Session): Promise<Profile> {
    return (await this.requests.json(session, '/v1/profile', Profile)).body;
  }

  async contacts(session: Session, query: { search?: string; cursor?: string }): Promise<ContactPage> {
    return (await this.requests.json(session, CONTACTS, ContactPage, { query })).body;
  }

  /** Returns all contacts as a stream with one JSON object per line. An incomplete stream ends with an error. */
  async allContacts(session: Session): Promise<Readable> {
    const { body } = await this.requests.stream(session, CONTACTS, { headers: { Accept: NDJSON } });
    return body ? Readable.fromWeb(body as ReadableStream<Uint8Array>) : Readable.from([]);
  }

  async contact(session: Session, id: string): Promise<ContactVersion> {
    const { body, headers } = await this.requests.json(session, pathOf(id), Contact);
    return { contact: body, etag: headers.get('ETag') ?? '*' };
  }

  /**
   * Adds a contact once for each idempotency key. While an earlier request with the same key is running, waits for its
   * answer for about a second.
   */
  async addContact(session: Session, input: ContactInput, idempotencyKey: string): Promise<Contact> {
    const request = { method: 'POST', headers: { 'Idempotency-Key': idempotencyKey }, body: input };
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.requests.json(session, CONTACTS, Contact, request)).body;
      } catch (error) {
        if (!(error instanceof RequestInProgressError) || attempt === ATTEMPTS) throw error;
        await wait(PAUSE_MILLISECONDS);
      }
    }
  }

  /**
   * Changes a contact.
   *
   * @throws EditConflictError when the contact no longer has the version that the ETag names.
   */
  async changeContact(session: Session, id: string, input: ContactInput, etag: string): Promise<Contact> {
    const headers = { 'If-Match': etag };
    return (await this.requests.json(session, pathOf(id), Contact, { method: 'PATCH', headers, body: input })).body;
  }

  /** Deletes a contact. A contact that does not exist counts as deleted. */
  async deleteContact(session: Session, id: string): Promise<void> {
    try {
      await this.requests.json(session, pathOf(id), z.unknown(), { method: 'DELETE' });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
}
