import { Authority, type KeyPair } from '@trefoil/pki';
import { certificateFetch } from '@trefoil/service-client';
import { freePort } from '@trefoil/testing';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProviderUnderTest, startProvider } from './provider-under-test.js';
import type { ProtocolAnswer } from './token-requests.js';

/** A running provider with a listener for client certificates, and the authority that it trusts. */
export interface MutualTlsProvider extends ProviderUnderTest {
  readonly mtlsUrl: string;
  readonly authority: Authority;
  /** The root above the authority, which has also issued the certificate of the provider. */
  readonly root: KeyPair;
  /** Returns a `fetch` that trusts the provider and presents a certificate, or none. */
  fetchAs(client?: KeyPair): typeof fetch;
  /** Posts a form to the listener for certificates. */
  postAs(
    client: KeyPair | undefined,
    path: string,
    parameters: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<ProtocolAnswer>;
}

/** Starts a provider that asks for client certificates on a second port. */
export async function startMutualTlsProvider(
  databaseUrl: string,
  overrides: Record<string, string> = {},
): Promise<MutualTlsProvider> {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-provider-'));
  const authority = await Authority.createRoot('Root');
  const issuing = await authority.createIssuing('Issuing');
  const server = await issuing.issueServer('provider', ['localhost']);
  const pathOf = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const port = await freePort();
  const mtlsUrl = `https://localhost:${port}`;
  const provider = await startProvider(databaseUrl, {
    MTLS_PORT: String(port),
    MTLS_URL: mtlsUrl,
    MTLS_CERTIFICATE_PATH: pathOf('server.pem', server.certificate),
    MTLS_KEY_PATH: pathOf('server.key', server.key),
    CLIENT_CA_PATH: pathOf('authorities.pem', issuing.pair.certificate + authority.pair.certificate),
    ...overrides,
  });
  const fetchAs = (client?: KeyPair) =>
    certificateFetch({ ca: authority.pair.certificate, cert: client?.certificate, key: client?.key });
  return {
    ...provider,
    mtlsUrl,
    authority: issuing,
    root: authority.pair,
    fetchAs,
    postAs: async (client, path, parameters, headers = {}) => {
      const body = new URLSearchParams(parameters);
      const answer = await fetchAs(client)(`${mtlsUrl}${path}`, { method: 'POST', body, headers });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as ProtocolAnswer['body'] };
    },
    stop: async () => {
      await provider.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns the `x5c` member of the key of a certificate (RFC 7517 §4.7). */
export const x5cOf = ({ certificate }: KeyPair): string[] => [new X509Certificate(certificate).raw.toString('base64')];

/** Returns the JWK of the key of a certificate, with the certificate (RFC 8705 §2.2.2). */
export const jwkOf = (pair: KeyPair): object => ({
  ...new X509Certificate(pair.certificate).publicKey.export({ format: 'jwk' }),
  x5c: x5cOf(pair),
});
