import { canonicalName, canonicalSubject } from './distinguished-name.js';

describe('a distinguished name', () => {
  it.each([
    ['CN=frontend,O=Example,C=DE', 'C=DE\nO=Example\nCN=frontend'],
    ['cn=frontend, o=Example', 'O=Example\nCN=frontend'],
    ['2.5.4.3=frontend', 'CN=frontend'],
    ['CN=a\\, b,O=x', 'O=x\nCN=a\\, b'],
    ['CN=a\\2C b', 'CN=a\\, b'],
    ['CN=\\C3\\A9', 'CN=é'],
    ['CN=a+OU=b,O=x', 'O=x\nOU=b + CN=a'],
    ['CN=a\\+b', 'CN=a\\+b'],
    ['CN=a\\\\,O=x', 'O=x\nCN=a\\\\'],
    ['CN=a\\ ', 'CN=a\\ '],
    ['CN=a=b', 'CN=a=b'],
    ['DC=example,DC=com', 'DC=com\nDC=example'],
  ])('equals the subject of a certificate with these attributes: %s (RFC 4514 §2)', (name, subject) => {
    expect(canonicalName(name)).toBeDefined();
    expect(canonicalName(name)).toBe(canonicalSubject(subject));
  });

  it.each([
    ['CN=frontend', 'CN=Frontend'],
    ['CN=frontend', 'CN=frontend\nCN=other'],
    ['CN=frontend', 'O=Example\nCN=frontend'],
    ['CN=frontend,O=Example', 'CN=frontend\nO=Example'],
    ['CN=a,CN=b', 'CN=a + CN=b'],
    ['CN=a\\,O=x', 'O=x\nCN=a'],
    ['CN=frontend', 'OU=frontend'],
  ])('is not the subject of another certificate: %s (RFC 8705 §2.1.2)', (name, subject) => {
    expect(canonicalName(name)).toBeDefined();
    expect(canonicalName(name)).not.toBe(canonicalSubject(subject));
  });

  it.each(['', 'frontend', 'CN', 'CN=', '=x', 'CN=a,,O=b', 'CN=#0c0161', 'X-OTHER=a', '1.2.3=a', 'CN=a\\', 'CN=a,'])(
    'is not %j (RFC 4514 §3)',
    (name) => expect(canonicalName(name)).toBeUndefined(),
  );

  it('never equals a subject that cannot be read', () => {
    expect(canonicalSubject('')).toBeUndefined();
    expect(canonicalSubject('1.2.3.4=x')).toBeUndefined();
  });
});
