import { RESPONSE_MODES } from '@trefoil/oauth-protocol';
import type { FastifyReply } from 'fastify';
import { OFFERED_RESPONSE_MODES } from './response-modes.js';

/** Returns the redirect or the page that a mode sends to the browser. */
function send(mode: (typeof RESPONSE_MODES)[number], redirectUri: string, parameters: Record<string, string>) {
  const sent = { status: 200, headers: {} as Record<string, string>, location: '', body: '' };
  const reply = {
    header: (name: string, value: string) => ((sent.headers[name.toLowerCase()] = value), reply),
    status: (status: number) => ((sent.status = status), reply),
    type: () => reply,
    send: (body: string) => ((sent.body = body), reply),
    redirect: (location: string, status: number) => ((sent.location = location), (sent.status = status), reply),
  };
  OFFERED_RESPONSE_MODES[mode].send(reply as unknown as FastifyReply, redirectUri, parameters);
  return sent;
}

describe('every response mode', () => {
  it.each(RESPONSE_MODES)('is signed exactly when its name says so: %s (JARM §2.3)', (name) => {
    expect(OFFERED_RESPONSE_MODES[name].isSigned).toBe(name.endsWith('jwt'));
  });

  it.each(RESPONSE_MODES)('is not cached: %s', (name) => {
    expect(send(name, 'https://client.example/', {}).headers['cache-control']).toBe('no-store');
  });
});

describe.each(['query', 'query.jwt', 'jwt'] as const)('the response mode %s', (mode) => {
  it('redirects, and keeps the query of the redirect URI (RFC 6749 §3.1.2)', () => {
    const redirectUri = 'https://client.example/callback?tenant=%20x';
    expect(send(mode, redirectUri, { state: 'a b&c=d' })).toMatchObject({
      status: 303,
      location: `${redirectUri}&state=a+b%26c%3Dd`,
    });
  });
});

describe.each(['form_post', 'form_post.jwt'] as const)('the response mode %s', (mode) => {
  const { status, body, headers, location } = send(mode, 'https://client.example/callback?a=b', {
    state: '"><script>alert(1)</script>',
  });

  it('sends a page with a form to the redirect URI and a button (Form Post Response Mode §2)', () => {
    expect([status, location]).toEqual([200, '']);
    expect(body).toContain('<form method="post" action="https://client.example/callback?a=b"');
    expect(body).toMatch(/<button[^>]*id="continue"/);
  });

  it('allows one script only, whatever the state contains (Form Post Response Mode §4)', () => {
    expect(body.match(/<script/g)).toHaveLength(1);
    expect(headers['content-security-policy']).toMatch(/default-src 'none';.*script-src 'sha256-[\w+/]{43}='/);
  });

  it.each([
    ['https://client.example/callback?a=b', 'https://client.example'],
    ['https://client.example:8443/', 'https://client.example:8443'],
    ['http://127.0.0.1:51004/callback', 'http://127.0.0.1:51004'],
    ['http://[::1]:51004/callback', "'none'"],
    ['com.example.app:/callback', "'none'"],
  ])('may be framed only by the site that receives it (RFC 9700 §4.16): %s', (redirectUri, ancestors) => {
    const policy = send(mode, redirectUri, {}).headers['content-security-policy'] ?? '';
    expect(policy.split(';')).toContain(`frame-ancestors ${ancestors}`);
  });
});
