import { isLoopbackHost, isPrivateUseRedirectUri, isRegistrableRedirectUri } from '@trefoil/oauth-protocol';
import type { Check, Problem } from '../check.js';
import { judgeClients, textsOf } from './judge-clients.js';

/** Checks the redirect URIs of each client. */
export const clientRedirectUris: Check = {
  rule: 'client-redirect-uris',
  group: 'Clients',
  title: 'Each redirect URI of a client is https, or belongs to a native app',
  source: 'RFC 9700 §2.6, §4.1.3; RFC 8252 §7',
  severity: 'high',
  why: 'Codes that are sent to another URI can be read on the way, or by another program.',
  fix: 'Register https URIs only. For a native app, set application_type to native and use loopback or a private-use scheme.',
  judge: (observations) =>
    judgeClients(observations, (client) => {
      const isNative = client.members.application_type === 'native';
      const isPublicIssuer = !isLoopbackHost(new URL(observations.target.issuer).hostname);
      return textsOf(client, 'redirect_uris').flatMap((uri): Problem[] => {
        const evidence = `client ${client.clientId}: ${uri}`;
        if (isNative && isPrivateUseRedirectUri(uri)) return [];
        if (!isRegistrableRedirectUri(uri))
          return [{ what: `A redirect URI of ${client.clientId} is not safe.`, evidence }];
        const isLeftOver = !isNative && isPublicIssuer && isLoopbackHost(new URL(uri).hostname);
        return isLeftOver
          ? [
              {
                what: `A redirect URI of the web client ${client.clientId} is on localhost.`,
                evidence,
                severity: 'low',
              },
            ]
          : [];
      });
    }),
};
