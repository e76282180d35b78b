import { accountIn } from './accounts.js';

describe('the account in the claims of another provider', () => {
  it('has the standard claims, and the identifier by which the backend knows the user', () => {
    const claims = { sub: 'pairwise', name: 'Ada', email: 'ada@example.com', email_verified: true, scope: 'openid' };
    expect(accountIn(claims, 'u1')).toEqual({ sub: 'u1', name: 'Ada', email: 'ada@example.com', email_verified: true });
  });

  it('leaves out claims in another form than OpenID Connect Core §5.1', () => {
    const claims = { name: '', email: 'no address', updated_at: '2026-11-26T00:00:00Z', email_verified: 'true' };
    expect(accountIn(claims, 'u1')).toEqual({ sub: 'u1' });
  });
});
