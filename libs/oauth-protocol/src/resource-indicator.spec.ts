import { registeredResource } from './resource-indicator.js';

const BACKEND = 'http://localhost:3002';
const WITH_SLASH = 'https://api.example/';
const WITH_PATH = 'https://id.example/api';
const REGISTERED = [BACKEND, WITH_SLASH, WITH_PATH, 'urn:example:api'];

describe('registeredResource', () => {
  it.each([
    [BACKEND, BACKEND],
    [`${BACKEND}/`, BACKEND],
    ['https://api.example', WITH_SLASH],
    [WITH_PATH, WITH_PATH],
  ])('takes %s for %s (RFC 3986 §6.2.3)', (sent, registered) =>
    expect(registeredResource(sent, REGISTERED)).toBe(registered),
  );

  it.each([
    `${WITH_PATH}/`,
    `${BACKEND}//`,
    `${BACKEND}/x`,
    `${BACKEND}/?`,
    'HTTP://localhost:3002',
    'https://localhost:3002/',
    'urn:example:api/',
  ])('takes %s for no other resource (RFC 8707 §2)', (sent) => expect(registeredResource(sent, REGISTERED)).toBe(sent));
});
