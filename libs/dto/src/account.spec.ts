import { Account, AccountPatch } from './account.js';

const wrongFields = (patch: unknown): string[] =>
  (AccountPatch.safeParse(patch).error?.issues ?? []).map(({ path, ...issue }) =>
    [...path, ...('keys' in issue ? issue.keys : [])].join('.'),
  );

describe('AccountPatch', () => {
  it.each([
    {},
    { name: 'Alice' },
    { name: null, address: null, phone_number: null },
    { address: { locality: 'Köln', region: null } },
    { address: { formatted: 'Lindenallee 3\r\n10115 Berlin' } },
    { birthdate: '1985-04-12' },
    { birthdate: '0000-02-29' },
    { birthdate: '1985' },
    { locale: 'en-GB', zoneinfo: 'Europe/Berlin', website: 'https://alice.example.com' },
    { phone_number: '+49 30 5550 1001' },
  ])('accepts %j', (patch) => {
    expect(AccountPatch.parse(patch)).toEqual(patch);
  });

  it.each<[unknown, string]>([
    [{ name: '' }, 'name'],
    [{ name: '  ' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ nickname: '\uD800' }, 'nickname'],
    [{ nickname: 'J\uFFFDrg' }, 'nickname'],
    [{ picture: 'javascript:alert(1)' }, 'picture'],
    [{ website: 'no address' }, 'website'],
    [{ website: 'https://example.com/\u0000' }, 'website'],
    [{ birthdate: '1985-02-30' }, 'birthdate'],
    [{ birthdate: '1985-13-01' }, 'birthdate'],
    [{ birthdate: '12.4.1985' }, 'birthdate'],
    [{ locale: 'en_GB' }, 'locale'],
    [{ phone_number: '030 5550' }, 'phone_number'],
    [{ address: 'Berlin' }, 'address'],
    [{ address: { locality: 'a\u0000b' } }, 'address.locality'],
    [{ address: { street: 'Lindenallee' } }, 'address.street'],
    [{ email: 'mallory@example.com' }, 'email'],
    [{ sub: 'somebody else' }, 'sub'],
    [{ email_verified: true }, 'email_verified'],
    [{ phone_number_verified: true }, 'phone_number_verified'],
    [{ administrator: true }, 'administrator'],
    [['name'], ''],
    [null, ''],
    [undefined, ''],
  ])('refuses %j and names %j', (patch, field) => {
    expect(wrongFields(patch)).toEqual([field]);
  });
});

describe('Account', () => {
  it('has the types of OpenID Connect Core §5.1', () => {
    const account = {
      sub: '1',
      email: 'a@example.com',
      email_verified: true,
      updated_at: 1,
      address: { country: 'DE' },
    };
    expect(Account.parse(account)).toEqual(account);
    expect(Account.safeParse({ ...account, updated_at: '2026-01-01' }).success).toBe(false);
    expect(Account.safeParse({ ...account, email_verified: 'true' }).success).toBe(false);
  });
});
