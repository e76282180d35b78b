import { ExportedContact } from '@trefoil/dto';
import type { ResourceClient, TokenSource } from '@trefoil/service-client';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/**
 * Pulls every contact from the backend's export, one contact a line. Holds only the current line in memory.
 *
 * @throws The errors of {@link ResourceClient}, and ZodError for a line that is not a contact.
 */
export async function* pullContacts(backend: ResourceClient, token: TokenSource): AsyncGenerator<ExportedContact> {
  const { body } = await backend.stream('/v1/exports/contacts', { token });
  if (!body) return;
  const lines = createInterface({ input: Readable.fromWeb(body as ReadableStream), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') yield ExportedContact.parse(JSON.parse(line));
}
