const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * Returns whether two HTTP URIs are equal when their queries and fragments are ignored. It compares them after
 * syntax-based and scheme-based normalization (RFC 9449 §4.3, RFC 3986 §6.2.2, §6.2.3).
 */
export function sameHttpUri(a: string, b: string): boolean {
  const one = normalised(a);
  return one !== undefined && one === normalised(b);
}

function normalised(uri: string): string | undefined {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const path = url.pathname.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(parseInt(encoded.slice(1), 16));
    return UNRESERVED.test(character) ? character : encoded.toUpperCase();
  });
  return url.origin + path;
}
