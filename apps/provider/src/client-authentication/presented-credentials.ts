import type { ClientAuthenticationMethod, Parameters } from '@trefoil/oauth-protocol';
import type { IncomingHttpHeaders } from 'node:http';

/** Who a request says it comes from, and how it would prove it. */
export interface PresentedCredentials {
  readonly method: ClientAuthenticationMethod;
  readonly clientId: string;
  readonly secret?: string;
}

/**
 * A way for a client to present itself: reads what a request presents that way, undefined when it does not use it.
 *
 * @throws OAuthError when it uses it wrongly.
 */
export type CredentialsReader = (
  headers: IncomingHttpHeaders,
  parameters: Parameters,
) => PresentedCredentials | undefined;
