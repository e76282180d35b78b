import { findingsOf, type Outcome } from '../check.js';
import { answer, observations } from '../testing/observations.js';
import { managementEndpoints } from './management-endpoints.js';
import { strictTransport } from './strict-transport.js';

const issuer = 'https://auth.example.com';
const whatIn = (check: typeof strictTransport, outcome: Outcome) =>
  findingsOf(check, outcome).map(({ what, severity }) => [what, severity]);

describe('strict-transport', () => {
  const judge = (headers: Record<string, string>) =>
    whatIn(strictTransport, strictTransport.judge(observations({ visits: [answer({ url: issuer }, { headers })] })));

  it.each([
    ['no header', {}],
    ['a header for a day', { 'strict-transport-security': 'max-age=86400' }],
  ])('finds %s', (_what, headers) => {
    expect(judge(headers)).toEqual([['The issuer does not keep browsers on HTTPS for half a year.', 'medium']]);
  });

  it('accepts a year', () => {
    expect(judge({ 'strict-transport-security': 'max-age=31536000; includeSubDomains' })).toEqual([]);
  });

  it('is skipped on localhost, where the header would affect other programs', () => {
    const servers = [{ name: 'issuer' as const, url: 'https://localhost:3001' }];
    expect(strictTransport.judge(observations({ servers }))).toHaveProperty('skipped');
  });
});

describe('management-endpoints', () => {
  it('finds metrics and health that strangers can read, also of a server that is not ready', () => {
    const management = [
      answer({ url: `${issuer}/metrics` }),
      answer({ url: `${issuer}/health/ready` }, { status: 503 }),
      answer({ url: `${issuer}/health/live` }, { status: 404 }),
    ];
    expect(whatIn(managementEndpoints, managementEndpoints.judge(observations({ management })))).toEqual([
      ['/metrics is reachable from here.', 'medium'],
      ['/health/ready is reachable from here.', 'low'],
    ]);
  });

  it('accepts a page of another application', () => {
    const management = [answer({ url: `${issuer}/metrics` }, { headers: { 'content-type': 'text/html' } })];
    expect(whatIn(managementEndpoints, managementEndpoints.judge(observations({ management })))).toEqual([]);
  });
});
