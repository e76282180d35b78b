import { PassThrough } from 'node:stream';
import { readInput } from './read-input.js';

it('gives all that comes in', async () => {
  const input = new PassThrough();
  const all = readInput(input, new AbortController().signal);
  input.write('one ');
  input.end('two');
  expect(await all).toBe('one two');
});

it('is over when somebody interrupts it, though nothing came', async () => {
  const interrupted = new AbortController();
  const all = readInput(new PassThrough(), interrupted.signal);
  interrupted.abort();
  await expect(all).rejects.toThrow('aborted');
});
