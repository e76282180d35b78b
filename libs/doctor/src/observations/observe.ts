import { createSecureContext } from 'node:tls';
import { endpointsOf, type EndpointVisit, observeEndpoints, observeUnknownClient } from './endpoints.js';
import { type ClientList, observeClients } from './clients.js';
import { type Handshake, observeHandshake } from './handshakes.js';
import {
  type Metadata,
  metadataOf,
  type MetadataDocuments,
  observeMetadata,
  textOf,
  wellKnownUrl,
} from './metadata.js';
import { observeSignIn } from './sign-in.js';
import { type Visit, Visitor } from './visitor.js';

/** The servers to examine. */
export interface Target {
  /** The identifier of the issuer, exactly as clients are configured with it. */
  readonly issuer: string;
  readonly frontend?: string;
  readonly backend?: string;
}

/** One of the servers of a target. */
export interface Server {
  readonly name: 'issuer' | 'frontend' | 'backend';
  readonly url: string;
}

/** Everything that was seen of an installation. The checks judge it without further requests. */
export interface Observations {
  readonly target: Target;
  readonly servers: readonly Server[];
  readonly startedAt: Date;
  /** One for each https origin of the target and of the metadata. */
  readonly handshakes: readonly Handshake[];
  readonly documents: MetadataDocuments;
  readonly metadata: Metadata;
  readonly endpoints: readonly EndpointVisit[];
  /** The answers to authorization requests of an unknown client. */
  readonly unknownClient: readonly Visit[];
  /** The exchanges from `/login` of the frontend to the first page; empty without a frontend. */
  readonly signIn: readonly Visit[];
  /** The metadata of the backend as a protected resource (RFC 9728 §3); undefined without a backend. */
  readonly resourceMetadata: Visit | undefined;
  /** The exchanges with addresses that are meant for operators. */
  readonly management: readonly Visit[];
  readonly clients: ClientList;
  /** Every exchange, in its order. */
  readonly visits: readonly Visit[];
}

/** Reports that an issuer cannot be examined. */
export class UnreachableIssuerError extends Error {
  override readonly name = 'UnreachableIssuerError';
}

const MANAGEMENT_PATHS = ['/metrics', '/health/ready', '/health/live'];

/**
 * Sends harmless requests to an installation and returns the responses.
 *
 * @param ca the PEM certificates of the trusted authorities.
 * @param token an access token for the admin API; without one, clients are not read.
 * @throws UnreachableIssuerError if the issuer publishes no metadata or does not answer.
 */
export async function observe(target: Target, ca: readonly string[], token?: string): Promise<Observations> {
  const startedAt = new Date();
  const visitor = new Visitor();
  const servers = serversOf(target);
  const documents = await observeMetadata(visitor, target.issuer);
  const metadata = metadataOf(documents);
  if (!metadata) throw new UnreachableIssuerError(describeMissing(target.issuer, documents));

  const urls = [...servers.map(({ url }) => url), ...endpointsOf(metadata).map(([, url]) => url)];
  const origins = new Set(urls.map((url) => new URL(url).origin).filter((origin) => origin.startsWith('https:')));
  // Parsing the roots takes a tenth of a second, so all handshakes share them.
  const trusted = createSecureContext({ ca: [...ca] });
  const handshakes: Handshake[] = [];
  for (const origin of origins) handshakes.push(await observeHandshake(origin, trusted));

  const endpoints = await observeEndpoints(visitor, metadata);
  const unknownClient = await observeUnknownClient(visitor, textOf(metadata, 'authorization_endpoint'));
  const signIn = target.frontend === undefined ? [] : await observeSignIn(visitor, target.frontend);
  const resourceMetadata =
    target.backend === undefined
      ? undefined
      : await visitor.visit({ url: wellKnownUrl(target.backend, 'oauth-protected-resource') });
  const management: Visit[] = [];
  for (const { url } of servers) {
    for (const path of MANAGEMENT_PATHS) management.push(await visitor.visit({ url: new URL(path, url).href }));
  }
  const clients = await observeClients(visitor, { issuer: target.issuer, token, handshakes, trusted });
  const { visits } = visitor;
  return {
    target,
    servers,
    startedAt,
    handshakes,
    documents,
    metadata,
    endpoints,
    unknownClient,
    signIn,
    resourceMetadata,
    management,
    clients,
    visits,
  };
}

const serversOf = ({ issuer, frontend, backend }: Target): Server[] => [
  { name: 'issuer', url: issuer },
  ...(frontend === undefined ? [] : [{ name: 'frontend' as const, url: frontend }]),
  ...(backend === undefined ? [] : [{ name: 'backend' as const, url: backend }]),
];

function describeMissing(issuer: string, { openid, oauth }: MetadataDocuments): string {
  const attempts = [openid, oauth].map((visit) => {
    const result =
      'status' in visit ? `answered ${visit.status}, without a JSON object` : `failed with ${visit.failure}`;
    return `  ${visit.request.url} ${result}`;
  });
  return [
    `${issuer} publishes no metadata, so it cannot be examined.`,
    ...attempts,
    'Check the address of the issuer, that the server runs, and that it is reachable from here.',
  ].join('\n');
}
