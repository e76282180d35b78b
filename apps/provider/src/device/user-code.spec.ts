import { formatUserCode, newUserCode, readUserCode } from './user-code.js';

describe('a user code', () => {
  it('has only consonants that do not look like digits (RFC 8628 §6.1)', () => {
    for (let count = 0; count < 1000; count++) expect(newUserCode()).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
  });

  it('is displayed in two groups', () => {
    expect(formatUserCode('WDJBMJHT')).toBe('WDJB-MJHT');
  });

  it.each(['WDJB-MJHT', 'wdjb-mjht', 'wdjbmjht', ' WDJB MJHT ', 'w-d-j-b.m_j_h_t', 'WDJB–MJHT'])(
    'is accepted in any case and with any separators: %j (RFC 8628 §6.1)',
    (typed) => {
      expect(readUserCode(typed)).toBe('WDJBMJHT');
    },
  );
});
