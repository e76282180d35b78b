import type { DpopOptions } from './dpop/dpop-options.js';
import type { RevocationOptions } from './revocation/revocation-options.js';

/** What a resource server knows of itself and of whom it trusts. */
export interface GuardsOptions {
  /** The provider whose tokens are accepted, exactly as it writes itself in `iss`. */
  readonly issuer: string;
  /** The resource identifier of this server; every token must name it, and only it, in `aud` (RFC 8707 §2). */
  readonly resource: string;
  /** What the challenges call this server (RFC 9110 §11.5). */
  readonly realm: string;
  /** The clients that user routes are open to: their ids, or a question asked for each token. */
  readonly userClients: readonly string[] | ((clientId: string) => boolean | Promise<boolean>);
  /** How DPoP proofs are taken (RFC 9449 §7); for the resource identifier as URL and without nonces when not given. */
  readonly dpop?: DpopOptions;
  /** How revocations are kept that are heard of by the provider's stream. */
  readonly revocation?: RevocationOptions;
  /** Where the metadata of this resource is, which the challenges name (RFC 9728 §5.1); see `resourceMetadataUrl`. */
  readonly resourceMetadata?: string;
  /** Used for the keys of the provider; the global `fetch` when not given. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970; `Date.now` when not given. */
  readonly now?: () => number;
}

/** The token under which {@link GuardsOptions} are injected. */
export const GUARDS_OPTIONS = Symbol('GuardsOptions');
