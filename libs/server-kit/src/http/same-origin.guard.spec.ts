import type { ExecutionContext } from '@nestjs/common';
import { SameOriginGuard } from './same-origin.guard.js';

const guard = new SameOriginGuard('https://app.example');

function allows(headers: Record<string, string>, method = 'POST'): boolean {
  const context = { switchToHttp: () => ({ getRequest: () => ({ method, headers }) }) } as unknown as ExecutionContext;
  try {
    return guard.canActivate(context);
  } catch {
    return false;
  }
}

describe('a request that changes something', () => {
  it.each<Record<string, string>>([
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'https://app.example' },
    { referer: 'https://app.example/contacts/new?held=1' },
    { referer: 'https://app.example' },
    { referer: 'https://app.example:443/' },
  ])('is accepted from a page of the same origin: %j', (headers) => {
    expect(allows(headers)).toBe(true);
  });

  it.each<Record<string, string>>([
    {},
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
    { 'sec-fetch-site': 'none', referer: 'https://app.example/' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { referer: 'https://evil.example/' },
    { referer: 'https://evil.example/https://app.example/' },
    { referer: 'https://app.example.evil.example/' },
    { referer: 'https://app.example@evil.example/' },
    { referer: 'http://app.example/' },
    { referer: 'https://app.example:8443/' },
    { referer: 'about:blank' },
    { referer: 'app.example' },
    { referer: '' },
  ])('is refused from anywhere else: %j', (headers) => {
    expect(allows(headers)).toBe(false);
  });

  it.each(['null', 'https://evil.example', ''])(
    'is refused with the Origin %j although its Referer is of the same origin, because Referer is only the fallback',
    (origin) => {
      expect(allows({ origin, referer: 'https://app.example/' })).toBe(false);
    },
  );
});

describe('a request that only reads', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('is accepted from everywhere: %s', (method) => {
    expect(allows({ 'sec-fetch-site': 'cross-site' }, method)).toBe(true);
  });
});
