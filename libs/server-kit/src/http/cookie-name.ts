import type { CookieSerializeOptions } from '@fastify/cookie';

/**
 * The name of a cookie: with the `__Host-` prefix when served by https, so that no other host or path can set it;
 * plain on loopback http, where that prefix is not allowed (RFC 6265bis §4.1.3.2).
 */
export const cookieName = (name: string, publicUrl: string): string =>
  publicUrl.startsWith('https:') ? `__Host-${name}` : name;

/** The attributes of a cookie that only the server reads and that no other site's form brings along. */
export const cookieAttributes = (publicUrl: string): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: publicUrl.startsWith('https:'),
});
