import type { Parameters } from '@trefoil/oauth-protocol';
import { type ClientCertificate, clientCertificateOf } from '@trefoil/server-kit';
import type { RequestWithCredentials, RequestWithHeaders } from '../../http/http-message.js';

/** The parameters of methods with credentials in the request. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];

/** Returns the `client_id` of a request that has no credentials in its headers and parameters; otherwise undefined. */
export function namedClient({ headers }: RequestWithHeaders, parameters: Parameters): string | undefined {
  const hasCredentials = headers.authorization !== undefined || CREDENTIALS.some((name) => parameters.has(name));
  return hasCredentials ? undefined : parameters.get('client_id');
}

/** Returns the client that a request names in this way, and the valid certificate of its connection; undefined if one is missing. */
export function namedClientWithCertificate(
  request: RequestWithCredentials,
  parameters: Parameters,
): { clientId: string; presented: ClientCertificate } | undefined {
  const clientId = namedClient(request, parameters);
  const presented = clientCertificateOf(request);
  return clientId === undefined || !presented ? undefined : { clientId, presented };
}
