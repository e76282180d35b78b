import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookie } from './session-cookie.js';
import { Cookies } from '../http/cookies.js';

const id = 'a'.repeat(43);

describe('the session cookie', () => {
  it.each([
    ['http://localhost:3000', 'trefoil_frontend_session', false],
    ['https://app.example', '__Host-trefoil_frontend_session', true],
  ])('of %s is %s, for the server only, on no other site’s form', (url, name, secure) => {
    const { reply, written } = fakeReply();
    new SessionCookie(new Cookies({ PUBLIC_URL: url })).write(reply, id);
    const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: undefined };
    expect(written).toEqual([[name, id, attributes]]);
  });

  it.each(['', 'short', `${id}x`, `${id.slice(1)}!`])('%j is no id of a session', (value) => {
    const cookie = new SessionCookie(new Cookies({ PUBLIC_URL: 'http://localhost:3000' }));
    expect(cookie.read(requestWith({ trefoil_frontend_session: value }))).toBeUndefined();
    expect(cookie.read(requestWith({ trefoil_frontend_session: id }))).toBe(id);
  });

  it('is not read without its prefix when served by https: another host could have set it', () => {
    const cookie = new SessionCookie(new Cookies({ PUBLIC_URL: 'https://app.example' }));
    expect(cookie.read(requestWith({ trefoil_frontend_session: id }))).toBeUndefined();
  });
});

function fakeReply() {
  const written: unknown[][] = [];
  const setCookie = (...cookie: unknown[]) => written.push(cookie);
  return { reply: { setCookie } as unknown as FastifyReply, written };
}

const requestWith = (cookies: Record<string, string>) => ({ cookies }) as unknown as FastifyRequest;
