import { checkContext } from '../../../testing/check-context.js';
import { checkRequestObject } from './check-request-object.js';

describe('checkRequestObject', () => {
  it('refuses a request object by value (OpenID Connect Core §6.1)', () => {
    expect(() => checkRequestObject(checkContext({ request: 'eyJhbGciOiJub25lIn0.e30.' }))).toThrow(
      'request_not_supported',
    );
  });

  it('refuses a request object by reference (OpenID Connect Core §6.2)', () => {
    expect(() => checkRequestObject(checkContext({ request_uri: 'https://client.example/request' }))).toThrow(
      'request_uri_not_supported',
    );
  });
});
