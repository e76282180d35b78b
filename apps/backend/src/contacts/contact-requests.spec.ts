import { ContactInput, ContactPatch } from '@trefoil/dto';
import { ContactListQuery } from './contact-requests.js';

describe('the text of a request', () => {
  it.each([
    ['name', ContactInput],
    ['notes', ContactPatch],
    ['search', ContactListQuery],
  ])('must not contain a NUL character: %s', (field, schema) => {
    const { error } = schema.safeParse({ name: 'Ada', [field]: 'a\0b' });
    expect(error?.issues).toMatchObject([{ path: [field], message: 'must not contain a NUL character' }]);
  });
});

describe('the query of a list', () => {
  it('refuses an invalid cursor by name', () => {
    const { error } = ContactListQuery.safeParse({ cursor: 'next' });
    expect(error?.issues).toMatchObject([{ path: ['cursor'] }]);
  });

  it.each(['0', '101', '1.5', 'many'])('refuses a limit of %s', (limit) => {
    const { error } = ContactListQuery.safeParse({ limit });
    expect(error?.issues).toMatchObject([{ path: ['limit'] }]);
  });
});
