import { ResourceClient, type TokenSource } from '@trefoil/service-client';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pullContacts } from './pull-contacts.js';

const contact = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  name: 'Ada',
  email: '',
  phone: '',
  company: '',
  notes: '',
  createdAt: '2026-11-22T08:00:00.000Z',
  updatedAt: '2026-11-22T08:00:00.000Z',
  owner: 'alice',
  ownerName: null,
};

let server: Server;
let lines: object[];
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    url = request.url ?? '';
    // A proxy that speaks HTTP/1.0 closes the connection at the end, also of a stream that was aborted.
    response.shouldKeepAlive = false;
    response.useChunkedEncodingByDefault = false;
    response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const token: TokenSource = {
  get: async () => ({ value: 'token' }),
  forget: async () => undefined,
};

async function pull(): Promise<string[]> {
  const { port } = server.address() as AddressInfo;
  const names: string[] = [];
  const backend = new ResourceClient({ baseUrl: `http://127.0.0.1:${port}` });
  for await (const { name } of pullContacts(backend, token)) names.push(name);
  return names;
}

describe('pullContacts', () => {
  it('returns the contacts of an export that ends with their number', async () => {
    lines = [contact, { ...contact, name: 'Grace' }, { end: true, count: 2 }];
    expect(await pull()).toEqual(['Ada', 'Grace']);
    expect(url).toBe('/v1/exports/contacts?end=line');
  });

  it('accepts an export without contacts', async () => {
    lines = [{ end: true, count: 0 }];
    expect(await pull()).toEqual([]);
  });

  it.each([
    ['has no last line', [contact]],
    ['is empty', []],
    ['has fewer lines than its last line says', [contact, { end: true, count: 2 }]],
  ])('fails when the export %s', async (_, received) => {
    lines = received;
    await expect(pull()).rejects.toThrow('The export is incomplete');
  });
});
