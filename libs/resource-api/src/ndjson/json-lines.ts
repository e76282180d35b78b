import type { StreamEnd } from '@trefoil/dto';

/** Lines are handed over in chunks of about this size, so that a slow reader holds no more in memory. */
const CHUNK_CHARACTERS = 16 * 1024;

/** The rows of a list and how they are written. */
export interface JsonLinesSource<Row> {
  /** The first batch. Read it before the answer begins, so that a database that is down is answered with 503. */
  readonly first: readonly Row[];
  /** Reads the batch that follows a row. An empty batch is the end of the list. */
  readonly readNext: (last: Row) => Promise<readonly Row[]>;
  /** Returns the objects to write for the rows of one batch. */
  readonly represent: (rows: readonly Row[]) => readonly object[] | Promise<readonly object[]>;
  /** With `line`, a {@link StreamEnd} follows the last row. */
  readonly end?: 'line';
}

/**
 * Writes the rows of a list as lines, one JSON object each, in chunks of whole lines. Reads the next batch only when the
 * stream asks for more.
 */
export async function* jsonLines<Row>({
  first,
  readNext,
  represent,
  end,
}: JsonLinesSource<Row>): AsyncGenerator<string> {
  let count = 0;
  let batch = first;
  for (let last = batch.at(-1); last !== undefined; last = batch.at(-1)) {
    const objects = await represent(batch);
    yield* chunksOf(objects);
    count += objects.length;
    batch = await readNext(last);
  }
  if (end === 'line') yield lineOf({ end: true, count } satisfies StreamEnd);
}

function* chunksOf(objects: readonly object[]): Generator<string> {
  let chunk = '';
  for (const object of objects) {
    chunk += lineOf(object);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

const lineOf = (object: object): string => `${JSON.stringify(object)}\n`;
