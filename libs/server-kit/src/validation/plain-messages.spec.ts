import { z } from 'zod';
import './plain-messages.js';

const messagesOf = (schema: z.ZodType, input: unknown) =>
  schema.safeParse(input).error?.issues.map(({ message }) => message);

describe('the message of a validation error', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['is missing', z.string(), undefined],
    ['is missing', z.enum(['a', 'b']), undefined],
    ['must be a text', z.string(), 1],
    ['must be a number', z.coerce.number(), 'x'],
    ['must be a whole number', z.int(), 1.5],
    ['must be true or false', z.boolean(), 'yes'],
    ['must be a list', z.array(z.string()), null],
    ['must be an object', z.object({}), []],
    ['must be at least 10', z.number().min(10), 9],
    ['must be more than 0', z.number().positive(), 0],
    ['must be at most 5', z.number().max(5), 6],
    ['must have at least 1 character', z.string().min(1), ''],
    ['must have at most 3 entries', z.array(z.string()).max(3), ['a', 'b', 'c', 'd']],
    ['must be one of a, b', z.enum(['a', 'b']), 'c'],
    ['must be x', z.literal('x'), 'y'],
    ['must be an e-mail address', z.email(), 'x'],
    ['must be a UUID', z.uuid(), 'x'],
    ['must be a date and time such as 2026-01-31T12:00:00Z', z.iso.datetime(), 'yesterday'],
    ['does not have the required form', z.string().regex(/^x$/), 'y'],
  ])('%s', (message, schema, input) => expect(messagesOf(schema, input)).toEqual([message]));

  it('is that of the schema when the schema has one', () => {
    expect(messagesOf(z.string('must be a line of text'), 1)).toEqual(['must be a line of text']);
    expect(messagesOf(z.number().min(1, 'must be positive'), 0)).toEqual(['must be positive']);
  });
});
