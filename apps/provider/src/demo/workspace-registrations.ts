import { accountScopes, resourceServerScopes, scopeNames, scopesOf } from '@trefoil/dto';
import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import {
  blankClient,
  BY_SECRET,
  byCertificate,
  CODE_AND_REFRESH,
  OPENID_SCOPES,
  type ResourceServerRow,
} from '../setup/registrations.js';
import type { DemoClient } from './demo-data.js';
import type { MachineClient, Workspace, WorkspaceApp } from './workspace.js';

/** The clients and resource servers of the demo. */
export interface DemoRegistrations {
  readonly clients: readonly DemoClient[];
  readonly resourceServers: readonly ResourceServerRow[];
}

/**
 * Adds the apps and the machine clients of the workspace to the registrations of the demo. Web apps may call the resource
 * servers that they use, and the login button of the documentation may call all of them.
 *
 * @param certificates whether the provider gets client certificates.
 */
export function withWorkspace(
  demo: DemoRegistrations,
  { apps, machineClients }: Workspace,
  certificates: boolean,
): DemoRegistrations {
  const knownClients = demo.clients.map(({ clientId }) => clientId);
  const knownServers = demo.resourceServers.map(({ clientId }) => clientId);
  const apis = apps.filter(({ kind }) => kind === 'resource-server');
  const clients = [
    ...demo.clients,
    ...apps
      .filter(({ kind, name }) => kind !== 'provider' && !knownClients.includes(name))
      .map((app) => ({
        ...(app.kind === 'web' ? webClient(app) : resourceServerClient(app)),
        ...credentialsOf(app, certificates),
      })),
    ...machineClients.filter(({ clientId }) => !knownClients.includes(clientId)).map(machineClient),
  ];
  const resourceServers = [
    ...demo.resourceServers,
    ...apis.filter(({ name }) => !knownServers.includes(name)).map(resourceServer),
  ];
  return {
    clients: clients.map((client) => allowedToUse(client, apps)),
    resourceServers: resourceServers.map((server) => openTo(server, apps)),
  };
}

const secretOf = (clientId: string): string => `${clientId}-demo-secret`;

/** Returns how an app authenticates: by the certificate of its name, or with a secret. */
const credentialsOf = ({ name, clientCertificate }: WorkspaceApp, certificates: boolean) =>
  certificates && clientCertificate
    ? byCertificate({ tlsClientAuthSanDns: name })
    : { ...BY_SECRET, secret: secretOf(name) };

/** A registration without credentials. */
type Registration = Omit<DemoClient, 'secret' | 'tokenEndpointAuthMethod'>;

/** Returns the registration of a resource server as a client: it introspects tokens and receives revocations. */
const resourceServerClient = ({ name, purpose, url }: WorkspaceApp): Registration => ({
  ...blankClient,
  clientId: name,
  clientName: titleOf(name),
  description: purpose,
  clientUri: url,
  grantTypes: [GRANT_TYPE.clientCredentials],
  scopes: scopeNames([accountScopes.manageStreams, accountScopes.readStreams]),
});

const webClient = ({ name, purpose, url }: WorkspaceApp): Registration => ({
  ...blankClient,
  clientId: name,
  clientName: titleOf(name),
  description: purpose,
  clientUri: url,
  grantTypes: CODE_AND_REFRESH,
  redirectUris: [`${url}/callback`],
  postLogoutRedirectUris: [`${url}/`],
  initiateLoginUri: `${url}/login`,
  backchannelLogoutUri: `${url}/backchannel-logout`,
  backchannelLogoutSessionRequired: true,
  scopes: [...OPENID_SCOPES, 'offline_access'],
});

const machineClient = ({ clientId, name, description, scopes }: MachineClient): DemoClient => ({
  ...blankClient,
  clientId,
  clientName: name,
  description,
  secret: secretOf(clientId),
  tokenEndpointAuthMethod: 'client_secret_basic',
  grantTypes: [GRANT_TYPE.clientCredentials],
  scopes,
});

const resourceServer = ({ name, url }: WorkspaceApp): ResourceServerRow => ({
  identifier: url,
  name: titleOf(name),
  clientId: name,
  userClients: ['api-docs'],
  accessTokenLifetime: 600,
  scopes: scopesOf(resourceServerScopes[name] ?? {}),
});

/** Adds the scopes of the resource servers that a client uses, and the documentation pages of all of them to `api-docs`. */
function allowedToUse(client: DemoClient, apps: readonly WorkspaceApp[]): DemoClient {
  const isDocs = client.clientId === 'api-docs';
  const uses = apps.find(({ name }) => name === client.clientId)?.uses ?? [];
  const used = apps.filter(({ kind, name }) => kind === 'resource-server' && (isDocs || uses.includes(name)));
  const scopes = used.flatMap(({ name }) => scopeNames(scopesOf(resourceServerScopes[name] ?? {}, 'users')));
  const docs = isDocs ? used.map(({ url }) => `${url}/docs/oauth2-redirect.html`) : [];
  return {
    ...client,
    scopes: [...new Set([...client.scopes, ...scopes])],
    redirectUris: [...new Set([...client.redirectUris, ...docs])],
  };
}

/** Adds the web apps that use a resource server to its clients. */
function openTo(server: ResourceServerRow, apps: readonly WorkspaceApp[]): ResourceServerRow {
  const { clientId, userClients } = server;
  if (clientId === null || userClients === null) return server;
  const users = apps.filter(({ kind, uses }) => kind === 'web' && uses.includes(clientId)).map(({ name }) => name);
  return { ...server, userClients: [...new Set([...userClients, ...users])] };
}

/** Returns a name in kebab-case as a title: `invoices-portal` becomes `Invoices portal`. */
const titleOf = (name: string): string => name.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
