import type { EventPosition, PositionedEvent } from '../security-event-log.js';
import { representLine } from './represent-event.js';

/** Reads the events that follow one; empty after the last. */
export type ReadBatch = (after: EventPosition) => Promise<PositionedEvent[]>;

/** The lines of an export, a batch at a time: the next one is read when somebody asks for it. */
export async function* eventLines(first: PositionedEvent[], readBatch: ReadBatch): AsyncGenerator<string> {
  for (let batch = first; ;) {
    const last = batch.at(-1);
    if (!last) return;
    yield batch.map((event) => `${JSON.stringify(representLine(event))}\n`).join('');
    batch = await readBatch(last);
  }
}
