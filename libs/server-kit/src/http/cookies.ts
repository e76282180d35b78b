import type { CookieSerializeOptions } from '@fastify/cookie';

/**
 * Returns the full name of a cookie: with the prefix `__Host-` on https, so that no other host or path can set the cookie, and
 * without it on loopback http, where browsers refuse the prefix (RFC 6265bis §4.1.3.2).
 */
export const cookieName = (name: string, publicUrl: string): string =>
  publicUrl.startsWith('https:') ? `__Host-${name}` : name;

/** Returns the attributes of a cookie that scripts cannot read and that forms of other sites do not send. */
export const cookieAttributes = (publicUrl: string): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: publicUrl.startsWith('https:'),
});
