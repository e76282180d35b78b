import { PassThrough } from 'node:stream';
import { readInput } from './read-input.js';

it('returns all input', async () => {
  const input = new PassThrough();
  const all = readInput(input, new AbortController().signal);
  input.write('one ');
  input.end('two');
  expect(await all).toBe('one two');
});

it('rejects when it is interrupted before any input', async () => {
  const interrupted = new AbortController();
  const all = readInput(new PassThrough(), interrupted.signal);
  interrupted.abort();
  await expect(all).rejects.toThrow('aborted');
});
