/** The longest accepted URL, in characters. */
const LONGEST = 2000;

/** Returns whether a `client_id` is a URL. The provider itself never assigns such an id. */
export const isUrl = (clientId: string): boolean => /^https?:\/\//i.test(clientId);

/**
 * Returns whether a URL may identify a client: it must be in its normal form, which has a path and no dot segments, and
 * contain neither fragment nor credentials (Client ID Metadata Document §3). The fetcher decides whether it may be http.
 */
export function isDocumentUrl(clientId: string): boolean {
  if (clientId.length > LONGEST || !isUrl(clientId) || !URL.canParse(clientId)) return false;
  const { href, username, password } = new URL(clientId);
  return href === clientId && !clientId.includes('#') && username === '' && password === '';
}
