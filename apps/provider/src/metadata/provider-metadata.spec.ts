import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { readFileSync } from 'node:fs';
import { demoResourceServers } from '../demo/demo-data.js';
import { type MetadataSources, providerMetadata } from './provider-metadata.js';

const issuer = 'https://auth.example.com';
const golden = JSON.parse(readFileSync(new URL('./metadata.golden.json', import.meta.url), 'utf8')) as object;
const servers = demoResourceServers({
  issuer,
  frontend: 'https://app.example.com',
  backend: 'https://api.example.com',
});

const sources: MetadataSources = {
  issuer,
  grantTypes: Object.values(GRANT_TYPE),
  resourceScopes: servers.flatMap(({ scopes }) => scopes.map(({ name }) => name)),
  clientIdMetadataDocuments: false,
  certificateMethods: ['tls_client_auth', 'self_signed_tls_client_auth'],
  mtlsUrl: 'https://mtls.example.com',
};
const metadata = providerMetadata(sources);

describe('the metadata', () => {
  it('equals the golden file (RFC 8414 §2, OpenID Connect Discovery §3)', () => {
    expect(JSON.parse(JSON.stringify(metadata))).toEqual(golden);
  });

  it('offers no response type, grant type or PKCE method that OAuth 2.1 §10 removed', () => {
    expect(metadata.response_types_supported).toEqual(['code']);
    expect(metadata.grant_types_supported).not.toEqual(expect.arrayContaining(['password']));
    expect(metadata.grant_types_supported).not.toEqual(expect.arrayContaining(['implicit']));
    expect(metadata.code_challenge_methods_supported).toEqual(['S256']);
  });

  it('lists RS256 among the algorithms of ID tokens (OpenID Connect Discovery §3) and never `none`', () => {
    expect(metadata.id_token_signing_alg_values_supported).toContain('RS256');
    expect(metadata.id_token_signing_alg_values_supported).not.toContain('none');
  });

  it('offers introspection only to clients that authenticate (RFC 7662 §2.1)', () => {
    expect(metadata.introspection_endpoint_auth_methods_supported).not.toContain('none');
    expect(metadata.revocation_endpoint_auth_methods_supported).toContain('none');
  });

  it('offers nothing with certificates when the provider gets none (RFC 8705 §2, §3.3, §5)', () => {
    const without = providerMetadata({ ...sources, certificateMethods: [] });
    expect(without).not.toHaveProperty('mtls_endpoint_aliases');
    expect(without.tls_client_certificate_bound_access_tokens).toBe(false);
    expect(JSON.stringify(without)).not.toContain('tls_client_auth');
  });

  it('lists each value once', () => {
    for (const list of Object.values(metadata).filter(Array.isArray)) expect(list).toEqual([...new Set(list)]);
  });
});
