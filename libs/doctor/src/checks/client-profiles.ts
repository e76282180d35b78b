import { SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import type { Check, Problem } from '../check.js';
import type { ClientFacts } from '../observations/clients.js';
import { judgeClients, textsOf } from './judge-clients.js';

/** Checks that each client authenticates as its security profile says. */
export const clientProfiles: Check = {
  rule: 'client-profiles',
  group: 'Clients',
  title: 'Each client authenticates as its security profile and its grants require',
  source: 'FAPI 2.0 Security Profile §5.3.2.1, RFC 6749 §4.4, RFC 7591 §2.1',
  severity: 'high',
  why: 'Anyone who knows the id of such a client can act as this client.',
  fix: 'Change token_endpoint_auth_method of the client to a method of its profile, or remove the grant.',
  judge: (observations) => judgeClients(observations, problemsOf),
};

function problemsOf(client: ClientFacts): Problem[] {
  const { clientId, members } = client;
  const method = String(members.token_endpoint_auth_method);
  const profile = Object.entries(SECURITY_PROFILES).find(([name]) => name === members.security_profile);
  const allowed: readonly string[] | undefined = profile?.[1].clientAuthentication;
  const evidence = `client ${clientId}: token_endpoint_auth_method ${method}, security_profile ${profile?.[0] ?? 'default'}, grant_types ${textsOf(client, 'grant_types').join(', ')}`;
  return [
    ...(allowed && !allowed.includes(method)
      ? [{ what: `The client ${clientId} authenticates with ${method}, which its profile forbids.`, evidence }]
      : []),
    ...(method === 'none' && textsOf(client, 'grant_types').includes('client_credentials')
      ? [{ what: `The client ${clientId} gets tokens for itself without authentication.`, evidence }]
      : []),
  ];
}
