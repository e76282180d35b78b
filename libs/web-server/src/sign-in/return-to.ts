import { START_PAGE } from '../http/links.js';
import { LONGEST_RETURN_TO } from '../limits.js';

// Browsers read a backslash as a slash and remove tabs and line breaks, so these characters can hide another host.
const DECEPTIVE = /[\\\p{Cc}]/u;
// After the sign-in, these pages would only start it again or show an error.
const SIGN_IN_PAGES = ['/login', '/callback', '/logout'];

/**
 * Returns the page to open after the sign-in: the requested path with its query if it is a path of this origin, and `/`
 * otherwise.
 *
 * The result starts with exactly one slash, so it is safe to use as a `Location` (RFC 9700 §4.11).
 */
export function returnTo(requested: unknown, publicUrl: string): string {
  const startPage = START_PAGE.href;
  if (typeof requested !== 'string' || requested.length > LONGEST_RETURN_TO) return startPage;
  if (!requested.startsWith('/') || requested.startsWith('//') || DECEPTIVE.test(requested)) return startPage;
  if (!URL.canParse(requested, publicUrl)) return startPage;
  const { origin, pathname, search, hash } = new URL(requested, publicUrl);
  // The parser resolves `/.//host` to the path `//host`.
  if (origin !== new URL(publicUrl).origin || pathname.startsWith('//')) return startPage;
  return SIGN_IN_PAGES.includes(pathname) ? startPage : pathname + search + hash;
}
