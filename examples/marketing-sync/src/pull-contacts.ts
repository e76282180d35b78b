import { ExportedContact, StreamEnd } from '@trefoil/dto';
import type { ResourceClient, TokenSource } from '@trefoil/service-client';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/**
 * Pulls every contact from the backend's export, one contact a line. Holds only the current line in memory. Requests a last
 * line with the number of contacts: over HTTP/1.0, which proxies speak, an export that was aborted can end like a complete one.
 *
 * @throws The errors of {@link ResourceClient}, ZodError for a line that is not a contact, and Error when the export is
 *   incomplete. Contacts that were received before may be kept; contacts that are missing must not be taken for deleted.
 */
export async function* pullContacts(backend: ResourceClient, token: TokenSource): AsyncGenerator<ExportedContact> {
  const { body } = await backend.stream('/v1/exports/contacts', { token, query: { end: 'line' } });
  if (!body) throw incomplete();
  const lines = createInterface({ input: Readable.fromWeb(body as ReadableStream), crlfDelay: Infinity });
  let count = 0;
  for await (const line of lines) {
    const value: unknown = JSON.parse(line);
    const end = StreamEnd.safeParse(value);
    if (end.success && end.data.count === count) return;
    if (end.success) throw incomplete();
    yield ExportedContact.parse(value);
    count += 1;
  }
  throw incomplete();
}

const incomplete = (): Error => new Error('The export is incomplete: some of its lines are missing. Pull it again.');
