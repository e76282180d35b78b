import type { Metadata } from './metadata.js';
import type { Visit, Visitor, VisitRequest } from './visitor.js';

/** How an endpoint answers a harmless request. */
export interface EndpointRule {
  /** The section that defines the answer. */
  readonly source: string;
  /** The accepted status codes. Any other than 404, 405 and 5xx for a page. */
  readonly expects: 'json-error' | 'json' | 'page' | 'challenge';
}

/** The answer of an endpoint of the metadata. */
export interface EndpointVisit {
  /** The member of the metadata, such as `token_endpoint`. */
  readonly name: string;
  readonly url: string;
  readonly visit: Visit;
  /** Undefined for endpoints of which only the reachability is judged. */
  readonly rule: EndpointRule | undefined;
}

/** An origin that no installation allows, because the top-level domain does not exist (RFC 6761 §6.4). */
export const FOREIGN_ORIGIN = 'https://doctor.invalid';
export const FOREIGN_REDIRECT_URI = `${FOREIGN_ORIGIN}/callback`;
const UNKNOWN_CLIENT = 'trefoil-doctor-unknown-client';

type Probe = EndpointRule & Omit<VisitRequest, 'url'>;

const error = (source: string, body: string): Probe => ({ source, expects: 'json-error', method: 'POST', body });

/** A request for each endpoint that its specification refuses, so that nothing changes on the server. */
const PROBES: Readonly<Record<string, Probe>> = {
  jwks_uri: { source: 'RFC 7517 §5', expects: 'json' },
  token_endpoint: error('RFC 6749 §5.2', 'grant_type=trefoil-doctor'),
  pushed_authorization_request_endpoint: error('RFC 9126 §2.3', 'response_type=trefoil-doctor'),
  introspection_endpoint: error('RFC 7662 §2.3', 'token=trefoil-doctor'),
  revocation_endpoint: error('RFC 7009 §2.2.1', 'token=trefoil-doctor'),
  device_authorization_endpoint: error('RFC 8628 §3.2', 'scope=trefoil-doctor'),
  backchannel_authentication_endpoint: error('OpenID Connect CIBA §13', 'scope=trefoil-doctor'),
  registration_endpoint: {
    ...error('RFC 7591 §3.2.2', '{"redirect_uris":["not a URI"]}'),
    headers: { 'content-type': 'application/json' },
  },
  userinfo_endpoint: { source: 'RFC 6750 §3', expects: 'challenge' },
  end_session_endpoint: { source: 'OpenID Connect RP-Initiated Logout §2', expects: 'page' },
  check_session_iframe: { source: 'OpenID Connect Session Management §3.3', expects: 'page' },
};

/** Sends each endpoint of the metadata a request that must be refused, from a foreign origin. */
export async function observeEndpoints(visitor: Visitor, metadata: Metadata): Promise<EndpointVisit[]> {
  const visits: EndpointVisit[] = [];
  for (const [name, url] of endpointsOf(metadata)) {
    if (name === 'authorization_endpoint') continue;
    const probe = PROBES[name];
    const { method, body, headers } = probe ?? {};
    const visit = await visitor.visit({
      url,
      ...(method && { method }),
      ...(body !== undefined && { body }),
      headers: { origin: FOREIGN_ORIGIN, ...headers },
    });
    visits.push({ name, url, visit, rule: probe && { source: probe.source, expects: probe.expects } });
  }
  return visits;
}

/** Returns the endpoints of the metadata with their URLs, also those for clients with certificates (RFC 8705 §5). */
export function endpointsOf(metadata: Metadata): [name: string, url: string][] {
  const aliases: unknown = metadata.mtls_endpoint_aliases;
  const entries = [
    ...Object.entries(metadata),
    ...Object.entries(typeof aliases === 'object' && aliases !== null ? aliases : {}).map(
      ([name, url]): [string, unknown] => [`mtls_endpoint_aliases.${name}`, url],
    ),
  ];
  return entries.flatMap(([name, url]): [string, string][] =>
    /(?:_endpoint|jwks_uri|check_session_iframe)$/.test(name) && typeof url === 'string' && isHttpUrl(url)
      ? [[name, url]]
      : [],
  );
}

export const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Sends authorization requests of a client that does not exist: without PKCE, and with an unsigned request object. */
export async function observeUnknownClient(visitor: Visitor, endpoint: string | undefined): Promise<Visit[]> {
  if (endpoint === undefined || !isHttpUrl(endpoint)) return [];
  const parameters = {
    response_type: 'code',
    client_id: UNKNOWN_CLIENT,
    redirect_uri: FOREIGN_REDIRECT_URI,
    scope: 'openid',
    state: 'trefoil-doctor',
  };
  const unsigned = ['{"alg":"none"}', JSON.stringify({ ...parameters, iss: UNKNOWN_CLIENT })]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  const visits: Visit[] = [];
  for (const query of [parameters, { ...parameters, request: `${unsigned}.` }]) {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    visits.push(await visitor.visit({ url: url.href, headers: { accept: 'text/html', origin: FOREIGN_ORIGIN } }));
  }
  return visits;
}
