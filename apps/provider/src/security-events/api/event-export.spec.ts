import { Readable } from 'node:stream';
import type { PositionedEvent } from '../security-event-log.js';
import { eventLines } from './event-export.js';

const batch = (from: number, size: number): PositionedEvent[] =>
  Array.from({ length: size }, (_, index) => {
    const id = String(from + index);
    return { id, transactionId: id, occurredAt: new Date(0), type: 'sign-in', outcome: 'success' } as PositionedEvent;
  });

describe('the lines of an export of events', () => {
  it('are empty when there are no events', async () => {
    expect(await Readable.from(eventLines([], () => Promise.resolve([]))).toArray()).toEqual([]);
  });

  it('are read no further than the consumer asks for', async () => {
    let read = 0;
    const endless = ({ id }: { id: string }) => Promise.resolve((read++, batch(Number(id) + 1, 500)));
    const stream = Readable.from(eventLines(batch(1, 500), endless), { objectMode: false });
    await new Promise((resolve) => stream.once('readable', resolve));
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(read).toBeLessThanOrEqual(1);
  });

  it('fail when a batch cannot be read, so that the consumer does not take them for complete', async () => {
    const broken = () => Promise.reject(new Error('the database is down'));
    await expect(Readable.from(eventLines(batch(1, 2), broken)).toArray()).rejects.toThrow('the database is down');
  });
});
