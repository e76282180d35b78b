import type { Terminal } from '../terminal.js';
import { newPassword } from './new-password.js';

const read = (typed: string) => {
  const terminal: Terminal = {
    isInteractive: false,
    columns: undefined,
    interrupted: new AbortController().signal,
    write: () => undefined,
    note: () => undefined,
    ask: async () => '',
    readInput: async () => `${typed}\n`,
  };
  return newPassword({ passwordStdin: true }, terminal);
};

describe('the length of a new password', () => {
  it.each([
    ['15 letters', 'a'.repeat(15)],
    ['15 emoji, which are 30 UTF-16 units', '😀'.repeat(15)],
    ['200 emoji, which are 400 UTF-16 units', '😀'.repeat(200)],
    ['15 letters with combining accents', 'e\u0301'.repeat(15)],
  ])('is right with %s (NIST SP 800-63B-4 §3.1.1.2)', async (_, password) => {
    expect(await read(password)).toEqual({ password, isGenerated: false });
  });

  it.each([
    ['14 letters', 'a'.repeat(14)],
    ['8 emoji, which are 16 UTF-16 units', '😀'.repeat(8)],
    ['8 letters with combining accents', 'e\u0301'.repeat(8)],
    ['201 letters', 'a'.repeat(201)],
  ])('is wrong with %s (NIST SP 800-63B-4 §3.1.1.2)', async (_, password) => {
    await expect(read(password)).rejects.toThrow('must be one line of 15 to 200 characters');
  });
});
