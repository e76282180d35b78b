import type { FastifyReply, FastifyRequest } from 'fastify';
import { Cookies } from '../http/cookies.js';
import { SessionCookie } from './session-cookie.js';

const id = 'a'.repeat(43);
const server = { cookiePrefix: 'trefoil_frontend_' };

describe('the session cookie', () => {
  it.each([
    ['http://localhost:3000', 'trefoil_frontend_session', false],
    ['https://app.example', '__Host-trefoil_frontend_session', true],
  ])('for %s is named %s, is HttpOnly, and is not sent with forms of other sites', (url, name, secure) => {
    const { reply, written } = fakeReply();
    new SessionCookie(new Cookies({ PUBLIC_URL: url }, server)).write(reply, id);
    const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: undefined };
    expect(written).toEqual([[name, id, attributes]]);
  });

  it.each(['', 'short', `${id}x`, `${id.slice(1)}!`])('is ignored when its value %j is not a session id', (value) => {
    const cookie = new SessionCookie(new Cookies({ PUBLIC_URL: 'http://localhost:3000' }, server));
    expect(cookie.read(requestWith({ trefoil_frontend_session: value }))).toBeUndefined();
    expect(cookie.read(requestWith({ trefoil_frontend_session: id }))).toBe(id);
  });

  it('is ignored without its prefix over https, because another host could have set it', () => {
    const cookie = new SessionCookie(new Cookies({ PUBLIC_URL: 'https://app.example' }, server));
    expect(cookie.read(requestWith({ trefoil_frontend_session: id }))).toBeUndefined();
  });
});

function fakeReply() {
  const written: unknown[][] = [];
  const setCookie = (...cookie: unknown[]) => written.push(cookie);
  return { reply: { setCookie } as unknown as FastifyReply, written };
}

const requestWith = (cookies: Record<string, string>) => ({ cookies }) as unknown as FastifyRequest;
