import type { ServiceClient } from '@trefoil/service-client';
import type { SubjectKind } from './access-token/subject-kind.js';
import type { TokenDialect } from './access-token/token-dialect.js';
import type { DpopOptions } from './dpop/dpop-proofs.js';
import type { RevocationOptions } from './revocation/revocation-options.js';

/** The values that an app itself reads from the claims of a token. A missing member keeps the value of the dialect. */
export interface MappedClaims {
  /** The user or the machine, by the identifier that the app stores. */
  readonly sub?: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly subject?: SubjectKind;
}

/** An issuer of accepted tokens. */
export interface TrustedIssuer {
  /** The provider whose tokens are accepted, exactly as in its `iss` claim. */
  readonly issuer: string;
  /** The value in the `aud` claim that stands for this server. Default: the resource identifier. */
  readonly audience?: string | undefined;
  /** The difference between the tokens of the provider and RFC 9068. Default: `rfc9068`, none. */
  readonly dialect?: TokenDialect;
  /** The URL of the provider's keys. Default: the `jwks_uri` of its metadata, which is then not read. */
  readonly jwksUri?: string | undefined;
  /** Reads the claims of a verified token in a way that no dialect describes. */
  readonly mapClaims?: (claims: Readonly<Record<string, unknown>>) => MappedClaims;
  /** The clients that may use user routes: their ids, or a function that is called for each token. */
  readonly userClients: readonly string[] | ((clientId: string) => boolean | Promise<boolean>);
}

/** An issuer beside the first one. */
export interface OtherIssuer extends TrustedIssuer {
  /** This server as a client of the issuer. With it, every token of the issuer is introspected (RFC 7662). */
  readonly serviceClient?: Pick<ServiceClient, 'introspect'>;
}

/** Configures the guards of a resource server. */
export interface GuardsOptions extends TrustedIssuer {
  /** The resource identifier of this server. By default the `aud` claim of every token must name it and nothing else (RFC 8707 §2). */
  readonly resource: string;
  /** The realm in the challenges of this server (RFC 9110 §11.5). */
  readonly realm: string;
  /**
   * The issuers whose tokens are accepted as well. A `sub` is unique at one issuer only (OpenID Connect Core §5.7), so the `sub` of
   * their tokens becomes `<issuer>#<sub>`, unless `mapClaims` returns one.
   */
  readonly otherIssuers?: readonly OtherIssuer[];
  /** How DPoP proofs are checked (RFC 9449 §7). Default: `publicUrl` is the resource identifier, and there are no nonces. */
  readonly dpop?: DpopOptions;
  /** How the revocations that the provider's stream reports are kept. */
  readonly revocation?: RevocationOptions;
  /** The URL of this resource's metadata, named in the challenges (RFC 9728 §5.1); see `resourceMetadataUrl`. */
  readonly resourceMetadata?: string;
  /** The origins inside a private network, beside loopback, to which tokens may be sent over plain http. */
  readonly plainHttpOrigins?: readonly string[];
  /** Sends requests to the provider; the global `fetch` when not given. */
  readonly fetch?: typeof fetch;
  /** Returns the time in milliseconds since 1970; `Date.now` when not given. */
  readonly now?: () => number;
}

/** The injection token of {@link GuardsOptions}. */
export const GUARDS_OPTIONS = Symbol('GuardsOptions');
