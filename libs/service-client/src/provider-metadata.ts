import type { ServerMetadata } from 'openid-client';

/** The documents in which a provider publishes its metadata: OpenID Connect Discovery 1.0 §4, and RFC 8414 §3. */
export type MetadataDocument = 'openid-configuration' | 'oauth-authorization-server';

/** Configures how the metadata of a provider is read. */
export interface MetadataRequest {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** The document that is read first; the other one is read when it is missing. Default: that of RFC 8414. */
  readonly first?: MetadataDocument;
}

/**
 * Returns the URL of a well-known document of an issuer, without a slash at the end. The well-known part comes before the path of
 * the issuer (RFC 8414 §3.1), except in OpenID Connect Discovery, where it comes after the path (§4.1).
 */
export function wellKnownUrl(issuer: string, document: string): URL {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const wellKnown = `/.well-known/${document}`;
  return new URL(document === 'openid-configuration' ? path + wellKnown : wellKnown + path, origin);
}

/**
 * Reads the metadata of a provider from the first of its two addresses that has it.
 *
 * @throws Error when neither document exists and names the issuer, when the provider is unavailable, or what `fetch` throws.
 */
export async function readProviderMetadata(
  issuer: string,
  { fetch, signal, first = 'oauth-authorization-server' }: MetadataRequest,
): Promise<ServerMetadata> {
  const second = first === 'openid-configuration' ? 'oauth-authorization-server' : 'openid-configuration';
  const problems: string[] = [];
  for (const document of [first, second] as const) {
    const found = await readDocument(wellKnownUrl(issuer, document), issuer, { fetch, signal });
    if (typeof found !== 'string') return found;
    problems.push(found);
  }
  throw new Error(problems.join('; '));
}

/** Reads one document. Returns the reason when it does not exist or does not describe the issuer. */
async function readDocument(
  url: URL,
  issuer: string,
  { fetch: fetchAny, signal }: MetadataRequest,
): Promise<ServerMetadata | string> {
  // A cached copy may lack the key or the endpoint that is needed.
  const headers = { accept: 'application/json', 'cache-control': 'no-cache' };
  const response = await fetchAny(url, { headers, redirect: 'error', signal });
  if (!response.ok) {
    await response.body?.cancel();
    const problem = `${url.href} answered ${response.status}`;
    // The other document would only be asked for at a provider that is down.
    if (response.status === 429 || response.status >= 500) throw new Error(problem, { cause: response });
    return problem;
  }
  const text = await response.text();
  const members = parse(text);
  if (!members) return `${url.href} is not a JSON object`;
  // RFC 8414 §3.3: the identifiers must be identical, so that one provider cannot speak for another.
  if (members.issuer !== issuer) return `${url.href} names another issuer: ${JSON.stringify(members.issuer)}`;
  return { ...members, issuer };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
