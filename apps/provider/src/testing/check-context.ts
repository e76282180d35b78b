import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { demoClients, demoResourceServers } from '../demo/demo-data.js';
import type { CheckContext, RequestingClient } from '../authorization/request/checks/check-context.js';
import { DEMO } from './demo.js';

/** The issuer of {@link checkContext}. */
export const ISSUER = 'https://id.example';

const urls = { issuer: ISSUER, ...DEMO };

/** Returns the input of the checks for a request with these parameters of a demo client, by default of the frontend. */
export function checkContext(
  parameters: RawParameters,
  { clientId = 'frontend', ...changes }: Partial<RequestingClient> = {},
): CheckContext {
  const client = demoClients(urls).find((each) => each.clientId === clientId);
  if (!client) throw new Error(`the demo has no client ${clientId}`);
  return {
    parameters: Parameters.from(parameters),
    client: { ...client, ...changes },
    resourceServers: demoResourceServers(urls),
    accountApi: `${ISSUER}/api`,
  };
}
