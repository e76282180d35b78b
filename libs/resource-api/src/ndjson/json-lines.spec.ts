import { Readable } from 'node:stream';
import { jsonLines } from './json-lines.js';

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

describe('the lines of a list', () => {
  it('are one JSON object each, in the order of the batches, up to the first empty batch', async () => {
    const batches = [batch(2, 1), batch(3, 2), [], batch(9, 1)];
    const lines = jsonLines(batch(0, 2), () => Promise.resolve(batches.shift() ?? []), unchanged);
    const text = (await Readable.from(lines).toArray()).join('');
    expect(text).toMatch(/\n$/);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Row).id),
    ).toEqual([0, 1, 2, 3, 4]);
  });

  it('are none when the list is empty', async () => {
    expect(await Readable.from(jsonLines([], endless().readNext, unchanged)).toArray()).toEqual([]);
  });

  it('are read only as far as the stream asks for them, and not at all once it is closed', async () => {
    const { readNext, reads } = endless();
    const stream = Readable.from(jsonLines(batch(0, 100), readNext, unchanged), { objectMode: false });
    await new Promise((resolve) => stream.once('readable', resolve));
    expect(reads()).toBeLessThanOrEqual(1);
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(reads()).toBeLessThanOrEqual(1);
  });
});
