import { createServer, type Server } from 'node:http';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  discovery,
  tokenIntrospection,
} from 'openid-client';
import { checkToken, type ProtectedApi } from './check-token.js';
import { type Introspection, IntrospectedTokens } from './introspected-tokens.js';

const TIMEOUT_SECONDS = 2;

/** The client of the provider that represents the API. Only this client may introspect the tokens of the API. */
export interface IntrospectingClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Starts the server that nginx asks about each token: `GET /?scope=<scope>` on the loopback interface. Only nginx may reach it,
 * because it believes the header `Client-Cert`.
 */
export async function startTokenCheck(port: number, client: IntrospectingClient, api: ProtectedApi): Promise<Server> {
  const tokens = new IntrospectedTokens(introspectionBy(client));
  const server = createServer((request, reply) => {
    const { authorization, 'client-cert': certificate } = request.headers;
    const scope = new URL(request.url ?? '/', 'http://localhost').searchParams.get('scope') ?? '';
    const checked = { authorization, certificate: [certificate].flat()[0], scope };
    checkToken(checked, api, (token) => tokens.find(token)).then(
      ({ status, headers }) => reply.writeHead(status, headers).end(),
      () => reply.writeHead(503).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** Returns a function that introspects tokens. It reads the metadata of the provider when it is first called. */
function introspectionBy({ issuer, clientId, clientSecret }: IntrospectingClient) {
  let configuration: Promise<Configuration> | undefined;
  const discover = (): Promise<Configuration> => {
    const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    configuration ??= discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
      timeout: TIMEOUT_SECONDS,
      execute,
    }).catch((error: unknown) => {
      configuration = undefined;
      throw error;
    });
    return configuration;
  };
  return async (token: string): Promise<Introspection> => {
    const { active, aud, scope, sub, client_id, exp, cnf } = await tokenIntrospection(await discover(), token);
    return { active, aud, scope, sub, client_id, exp, cnf: cnf as Introspection['cnf'] };
  };
}
