import { isLoopbackHost } from '@trefoil/oauth-protocol';
import type { SecureContext } from 'node:tls';
import type { Handshake } from './handshakes.js';
import { isAnswer, jsonOf, type Visitor } from './visitor.js';

/** The facts about a secret of a client, without the secret. */
export interface SecretFacts {
  readonly createdAt: Date;
  /** Null when the secret was never used. */
  readonly lastUsedAt: Date | null;
  /** Null when the secret does not expire. */
  readonly expiresAt: Date | null;
}

/** A client that is not disabled, as the admin API shows it. */
export interface ClientFacts {
  readonly clientId: string;
  /** The members of RFC 7591, and those that the provider adds. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly secrets: readonly SecretFacts[];
}

/** The clients of an installation, or the reason why they were not read. */
export type ClientList = { readonly clients: readonly ClientFacts[] } | { readonly unread: string };

/** What reading the clients needs to know about the issuer. */
export interface AdminApi {
  readonly issuer: string;
  /** An access token with the scope `admin:read`. */
  readonly token: string | undefined;
  readonly handshakes: readonly Handshake[];
  readonly trusted: SecureContext;
}

const MOST_PAGES = 20;

/**
 * Reads the clients by the admin API of Trefoil, at most 2000. The access token is sent only to a server whose certificate is
 * trusted, or to loopback.
 */
export async function observeClients(visitor: Visitor, api: AdminApi): Promise<ClientList> {
  if (!api.token) return { unread: 'DOCTOR_TOKEN is not set.' };
  if (!isTrusted(api))
    return { unread: 'DOCTOR_TOKEN was not sent, because the certificate of the issuer is not trusted.' };
  const clients: ClientFacts[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await read(
      visitor,
      api,
      `?limit=100${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    if ('unread' in page) return page;
    for (const members of page.items) {
      if (members.disabled_at != null || typeof members.client_id !== 'string') continue;
      clients.push({ clientId: members.client_id, members, secrets: await readSecrets(visitor, api, members) });
    }
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  return { clients };
}

type Members = Readonly<Record<string, unknown>>;

async function readSecrets(visitor: Visitor, api: AdminApi, members: Members): Promise<SecretFacts[]> {
  if (!/^client_secret_/.test(String(members.token_endpoint_auth_method))) return [];
  const page = await read(visitor, api, `/${encodeURIComponent(String(members.client_id))}/secrets`);
  if ('unread' in page) return [];
  return page.items.flatMap((secret) => {
    const createdAt = dateOf(secret.created_at);
    return createdAt
      ? [{ createdAt, lastUsedAt: dateOf(secret.last_used_at), expiresAt: dateOf(secret.expires_at) }]
      : [];
  });
}

async function read(
  visitor: Visitor,
  { issuer, token = '', trusted }: AdminApi,
  path: string,
): Promise<{ items: Members[]; nextCursor?: string } | { unread: string }> {
  const url = `${issuer.replace(/\/$/, '')}/api/admin/clients${path}`;
  const visit = await visitor.visit({ url }, { token, trusted });
  if (!isAnswer(visit)) return { unread: `The admin API does not answer (${visit.failure}).` };
  const { items, nextCursor } = jsonOf(visit) ?? {};
  if (visit.status !== 200 || !Array.isArray(items)) {
    const hint = visit.status === 404 ? 'The issuer has no admin API' : 'The admin API refused DOCTOR_TOKEN';
    return { unread: `${hint} (${visit.status}).` };
  }
  const objects = items.filter((item): item is Members => typeof item === 'object' && item !== null);
  return { items: objects, ...(typeof nextCursor === 'string' && { nextCursor }) };
}

function isTrusted({ issuer, handshakes }: AdminApi): boolean {
  const { origin, protocol, hostname } = new URL(issuer);
  if (protocol === 'http:') return isLoopbackHost(hostname);
  const handshake = handshakes.find((one) => one.origin === origin);
  return (
    handshake?.failure === undefined && handshake?.verificationError === undefined && handshake?.isForHost === true
  );
}

const dateOf = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);
