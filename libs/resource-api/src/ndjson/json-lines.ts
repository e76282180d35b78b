/**
 * Writes the rows of a list as lines, one JSON object each. Reads the next batch only when the stream asks for more, and
 * ends at the first empty batch.
 *
 * @param first The first batch. Read it before the answer begins, so that a database that is down is answered with 503.
 * @param readNext Reads the batch that follows a row.
 * @param represent Returns the objects to write for the rows of one batch.
 */
export async function* jsonLines<Row>(
  first: readonly Row[],
  readNext: (last: Row) => Promise<readonly Row[]>,
  represent: (rows: readonly Row[]) => readonly object[] | Promise<readonly object[]>,
): AsyncGenerator<string> {
  for (let batch = first; ;) {
    const last = batch.at(-1);
    if (last === undefined) return;
    const objects = await represent(batch);
    yield objects.map((object) => `${JSON.stringify(object)}\n`).join('');
    batch = await readNext(last);
  }
}
