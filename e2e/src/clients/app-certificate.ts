import type { Stack } from '@trefoil/local-stack';
import { certificateFetch, type ClientTlsOptions } from '@trefoil/service-client';
import type { RelyingPartyOptions } from '@trefoil/testing';
import { readFileSync } from 'node:fs';

type Certificates = Pick<Stack, 'pki'>;

/** Returns a `fetch` that trusts the servers of a stack, and presents no certificate. */
export const fetchWithoutCertificate = ({ pki }: Certificates): typeof fetch =>
  certificateFetch({ ca: readFileSync(pki?.root ?? '') });

/** Returns the client certificate of an app, with its key and the root of the stack. */
export function certificateOf({ pki }: Certificates, app: string): ClientTlsOptions {
  const { certificate, key } = pki?.services[app]?.client ?? {};
  if (!pki || certificate === undefined || key === undefined) throw new Error(`The ${app} has no client certificate.`);
  return { cert: readFileSync(certificate), key: readFileSync(key), ca: readFileSync(pki.root) };
}

/** Returns a `fetch` that presents the client certificate of an app. */
export const fetchAs = (stack: Certificates, app: string): typeof fetch => certificateFetch(certificateOf(stack, app));

/** Makes openid-client the client of an app, with its certificate in place of the real app. */
export const asApp = (
  stack: Certificates,
  app: string,
): Pick<RelyingPartyOptions, 'clientId' | 'certificateFetch' | 'tlsAuthentication'> => ({
  clientId: app,
  certificateFetch: fetchAs(stack, app),
  tlsAuthentication: true,
});
