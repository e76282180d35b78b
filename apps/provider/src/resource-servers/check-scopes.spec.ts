import { accountScopes, type Scope, scopesOf } from '@trefoil/dto';
import { checkAccountScopes, checkScopes } from './check-scopes.js';

const scope = (name: string): Scope => ({ name, description: 'do it', grantedTo: ['users'] });
const CONTACTS = { identifier: 'https://contacts.example', scopes: [scope('contacts:read')] };

const refusal = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('the scopes of a resource server', () => {
  it.each([
    ['a space', 'a b'],
    ['a quotation mark', 'a"b'],
    ['a backslash', 'a\\b'],
    ['a letter outside ASCII', 'ä'],
    ['nothing', ''],
  ])('are refused when a name contains %s (RFC 6749 §3.3)', (_, name) => {
    expect(refusal(() => checkScopes([scope('fine'), scope(name)], []))).toMatchObject({
      reason: 'invalid',
      field: 'scopes.1.name',
    });
  });

  it('are refused when one is a scope of another resource server, which the message names', () => {
    expect(refusal(() => checkScopes([scope('contacts:read')], [CONTACTS]))).toMatchObject({
      reason: 'conflict',
      field: 'scopes.0.name',
      sentence: 'The scope contacts:read belongs to the resource server https://contacts.example.',
    });
  });

  it('are refused when one is a scope of OpenID Connect (OpenID Connect Core §5.4)', () => {
    expect(refusal(() => checkScopes([scope('offline_access')], []))).toMatchObject({ field: 'scopes.0.name' });
  });

  it('are refused when one is repeated', () => {
    expect(refusal(() => checkScopes([scope('a'), scope('b'), scope('a')], []))).toMatchObject({
      field: 'scopes.2.name',
    });
  });
});

describe('the scopes of the account API', () => {
  const all = scopesOf(accountScopes);

  it('may be extended', () => {
    expect(refusal(() => checkAccountScopes([...all, scope('more')]))).toBeUndefined();
  });

  it('are refused without a scope that a route requires, or when other subjects are granted it', () => {
    const [first, ...rest] = all;
    expect(refusal(() => checkAccountScopes(rest))).toMatchObject({ reason: 'conflict', field: 'scopes' });
    const opened = all.map((each) => ({ ...each, grantedTo: ['users' as const] }));
    expect(refusal(() => checkAccountScopes(opened))).toMatchObject({ field: 'scopes' });
    expect(first?.name).toBe('account:read');
  });
});
