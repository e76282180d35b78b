const LONGEST = 2000;

/** Whether a client_id is the URL of a document, and so no id that this provider gave. */
export const isUrl = (clientId: string): boolean => /^https?:\/\//i.test(clientId);

/**
 * Whether a URL may identify a client: written in its one normal form, so with a path and without dot segments, and
 * without fragment and credentials (Client ID Metadata Document §3). Whether it may be http, the fetcher decides.
 */
export function isDocumentUrl(clientId: string): boolean {
  if (clientId.length > LONGEST || !isUrl(clientId) || !URL.canParse(clientId)) return false;
  const { href, username, password } = new URL(clientId);
  return href === clientId && !clientId.includes('#') && username === '' && password === '';
}
