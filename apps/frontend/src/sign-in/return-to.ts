const HOME = '/';
const LONGEST = 2000;
// A backslash is a slash to browsers, and they drop tabs and line breaks: both can hide another host.
const HIDDEN = /[\\\p{Cc}]/u;

/**
 * Where to go after signing in: a path of this origin with its query, or `/` for anything else.
 *
 * What is returned starts with exactly one slash, so it can be a `Location` as it is (RFC 9700 §4.11).
 */
export function returnTo(requested: unknown, publicUrl: string): string {
  if (typeof requested !== 'string' || requested.length > LONGEST) return HOME;
  if (!requested.startsWith('/') || requested.startsWith('//') || HIDDEN.test(requested)) return HOME;
  if (!URL.canParse(requested, publicUrl)) return HOME;
  const { origin, pathname, search, hash } = new URL(requested, publicUrl);
  // Parsing resolves `/.//host` to the path `//host`.
  if (origin !== new URL(publicUrl).origin || pathname.startsWith('//')) return HOME;
  return isSignIn(pathname) ? HOME : pathname + search + hash;
}

/** The pages that would only lead here again. */
const isSignIn = (pathname: string): boolean => ['/login', '/callback', '/logout'].includes(pathname);

/** The path that signs in and comes back to a page. */
export const signInPath = (page: string): string => `/login?${new URLSearchParams({ return_to: page }).toString()}`;
