import { mayAct } from './may-act.js';

const iss = 'https://id.example';

describe('who may act for the subject of a token (RFC 8693 §4.4)', () => {
  it('the token need not say', () => expect(mayAct('backend', { iss })).toBe(true));

  it.each([{ sub: 'backend' }, { sub: 'backend', iss }])('is the client it names: %j', (may_act) => {
    expect(mayAct('backend', { iss, may_act })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['another client is named', { sub: 'billing' }],
    ['it is named by another issuer', { sub: 'backend', iss: 'https://other.example' }],
    ['nobody is named', {}],
    ['the claim is a text', 'backend'],
    ['the claim is a list', [{ sub: 'backend' }]],
    ['the claim is null', null],
  ])('is not the client when %s', (_, may_act) => {
    expect(mayAct('backend', { iss, may_act: may_act as { sub: string } })).toBe(false);
  });
});
