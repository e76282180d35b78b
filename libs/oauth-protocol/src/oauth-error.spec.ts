import { invalidClient, invalidGrant } from './oauth-error.js';

it('shows its code and description to the client, but not its cause (RFC 6749 §5.2)', () => {
  const error = invalidGrant('the code has expired', { cause: new Error('row 7 of grants') });
  expect(error.status).toBe(400);
  expect(error.toBody()).toEqual({ error: 'invalid_grant', error_description: 'the code has expired' });
});

it('answers a failed client authentication with 401 and the Basic scheme (RFC 6749 §5.2)', () => {
  const { status, headers } = invalidClient('client authentication failed');
  expect(status).toBe(401);
  expect(headers['WWW-Authenticate']).toMatch(/^Basic realm=/);
});
