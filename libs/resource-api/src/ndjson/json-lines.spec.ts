import { Readable } from 'node:stream';
import { jsonLines, type JsonLinesSource } from './json-lines.js';

interface Row {
  readonly id: number;
  readonly name: string;
}

const batch = (from: number, size: number): Row[] =>
  Array.from({ length: size }, (_, index) => ({ id: from + index, name: 'x'.repeat(1000) }));

/** A list without an end; `reads` returns how many batches were read. */
const endless = () => {
  let reads = 0;
  const readNext = ({ id }: Row) => Promise.resolve((reads++, batch(id + 1, 100)));
  return { readNext, reads: () => reads };
};

const unchanged = (rows: readonly Row[]) => rows;

const chunksOf = (source: Omit<JsonLinesSource<Row>, 'represent'>): Promise<string[]> =>
  Readable.from(jsonLines({ ...source, represent: unchanged })).toArray() as Promise<string[]>;

describe('the lines of a list', () => {
  it('are one JSON object each, in the order of the batches, up to the first empty batch', async () => {
    const batches = [batch(2, 1), batch(3, 2), [], batch(9, 1)];
    const readNext = () => Promise.resolve(batches.shift() ?? []);
    const text = (await chunksOf({ first: batch(0, 2), readNext })).join('');
    expect(text).toMatch(/\n$/);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Row).id),
    ).toEqual([0, 1, 2, 3, 4]);
  });

  it('are none when the list is empty', async () => {
    expect(await chunksOf({ first: [], readNext: endless().readNext })).toEqual([]);
  });

  it('are handed over in small chunks of whole lines, so that a slow reader holds little in memory', async () => {
    const chunks = await chunksOf({ first: batch(0, 100), readNext: () => Promise.resolve([]) });
    expect(chunks.join('').match(/\n/g)).toHaveLength(100);
    for (const chunk of chunks) {
      expect(chunk).toMatch(/\n$/);
      expect(chunk.length).toBeLessThan(20_000);
    }
  });

  it.each([
    [0, 0],
    [2, 3],
  ])('are followed by a line with their number when it is asked for: %i and %i rows', async (one, two) => {
    const batches = [batch(one, two)];
    const readNext = () => Promise.resolve(batches.shift() ?? []);
    const text = (await chunksOf({ first: batch(0, one), readNext, end: 'line' })).join('');
    const lines = text.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ end: true, count: one + two });
    expect(lines).toHaveLength(one + two + 1);
  });

  it('have no last line when a batch cannot be read', async () => {
    const received: string[] = [];
    const lines = jsonLines({
      first: batch(0, 2),
      readNext: () => Promise.reject(new Error('the database is down')),
      represent: unchanged,
      end: 'line',
    });
    const read = async () => {
      for await (const chunk of lines) received.push(chunk);
    };
    await expect(read()).rejects.toThrow('the database is down');
    expect(received.join('')).not.toContain('"end"');
  });

  it('are read only as far as the stream asks for them, and not at all once it is closed', async () => {
    const { readNext, reads } = endless();
    const stream = Readable.from(jsonLines({ first: batch(0, 100), readNext, represent: unchanged }), {
      objectMode: false,
    });
    await new Promise((resolve) => stream.once('readable', resolve));
    expect(reads()).toBeLessThanOrEqual(1);
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(reads()).toBeLessThanOrEqual(1);
  });
});
