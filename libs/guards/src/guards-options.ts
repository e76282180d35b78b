import type { DpopOptions } from './dpop/dpop-proofs.js';
import type { RevocationOptions } from './revocation/revocation-options.js';

/** Configures the guards of a resource server. */
export interface GuardsOptions {
  /** The provider whose tokens are accepted, exactly as in its `iss` claim. */
  readonly issuer: string;
  /** The resource identifier of this server. The `aud` claim of every token must name it and nothing else (RFC 8707 §2). */
  readonly resource: string;
  /** The realm in the challenges of this server (RFC 9110 §11.5). */
  readonly realm: string;
  /** The clients that may use user routes: their ids, or a function that is called for each token. */
  readonly userClients: readonly string[] | ((clientId: string) => boolean | Promise<boolean>);
  /** How DPoP proofs are checked (RFC 9449 §7). Default: `publicUrl` is the resource identifier, and there are no nonces. */
  readonly dpop?: DpopOptions;
  /** How the revocations that the provider's stream reports are kept. */
  readonly revocation?: RevocationOptions;
  /** The URL of this resource's metadata, named in the challenges (RFC 9728 §5.1); see `resourceMetadataUrl`. */
  readonly resourceMetadata?: string;
  /** The origins that may use plain HTTP although they are not loopback: none when not given. */
  readonly plainHttpOrigins?: readonly string[];
  /** Sends requests to the provider; the global `fetch` when not given. */
  readonly fetch?: typeof fetch;
  /** Returns the time in milliseconds since 1970; `Date.now` when not given. */
  readonly now?: () => number;
}

/** The injection token of {@link GuardsOptions}. */
export const GUARDS_OPTIONS = Symbol('GuardsOptions');
