import { checkContext } from '../../../testing/check-context.js';
import { checkDpopJkt } from './check-dpop-jkt.js';

const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

describe('dpop_jkt (RFC 9449 §10)', () => {
  it('names the key to which the code will be bound', () =>
    expect(checkDpopJkt(checkContext({ dpop_jkt: JKT }))).toEqual({ dpopJkt: JKT }));

  it('may be absent', () => expect(checkDpopJkt(checkContext({}))).toEqual({}));

  it.each([`${JKT}=`, JKT.slice(1), 'not a thumbprint', `${JKT}${JKT}`])('must be a thumbprint: %s', (dpop_jkt) =>
    expect(() => checkDpopJkt(checkContext({ dpop_jkt }))).toThrow('invalid_request: dpop_jkt'),
  );

  it('must not be repeated (RFC 6749 §3.1)', () =>
    expect(() => checkDpopJkt(checkContext({ dpop_jkt: [JKT, JKT] }))).toThrow('invalid_request'));
});
