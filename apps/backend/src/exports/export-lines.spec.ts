import { Readable } from 'node:stream';
import { Contact } from '../contacts/contact.entity.js';
import { exportLines } from './export-lines.js';

const batch = (from: number, size: number): Contact[] =>
  Array.from({ length: size }, (_, index) =>
    Object.assign(new Contact(), {
      id: String(from + index),
      owner: 'alice',
      name: 'x'.repeat(1000),
      createdAt: new Date(0),
      updatedAt: new Date(0),
    }),
  );

describe('the lines of an export', () => {
  it('are one JSON object each, with the name of the owner', async () => {
    const sources = {
      batchAfter: () => Promise.resolve([]),
      namesOf: () => Promise.resolve(new Map([['alice', 'Alice']])),
    };
    const text = (await Readable.from(exportLines(batch(0, 2), sources)).toArray()).join('');
    expect(text).toMatch(/^.*\n.*\n$/);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: '0', owner: 'alice', ownerName: 'Alice' },
      { id: '1', owner: 'alice', ownerName: 'Alice' },
    ]);
  });
});
