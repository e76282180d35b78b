import { mayAct } from './may-act.js';

const iss = 'https://id.example';

describe('the claim may_act of a token (RFC 8693 §4.4)', () => {
  it('lets any client act when it is absent', () => expect(mayAct('backend', { iss })).toBe(true));

  it.each([{ sub: 'backend' }, { sub: 'backend', iss }])('lets the client act that it names: %j', (may_act) => {
    expect(mayAct('backend', { iss, may_act })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['it names another client', { sub: 'billing' }],
    ['it names a client of another issuer', { sub: 'backend', iss: 'https://other.example' }],
    ['it names nobody', {}],
    ['it is a string', 'backend'],
    ['it is an array', [{ sub: 'backend' }]],
    ['it is null', null],
  ])('does not let the client act when %s', (_, may_act) => {
    expect(mayAct('backend', { iss, may_act: may_act as { sub: string } })).toBe(false);
  });
});
