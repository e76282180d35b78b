import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { createClient } from './clients/create-client.js';
import { deleteClient } from './clients/delete-client.js';
import { disableClient } from './clients/disable-client.js';
import { enableClient } from './clients/enable-client.js';
import { listClients } from './clients/list-clients.js';
import { updateClient } from './clients/update-client.js';
import { commandGroup } from './command-shape.js';
import type { CommandTools } from './command-tools.js';
import { tailEvents } from './events/tail-events.js';
import { listKeys } from './keys/list-keys.js';
import { retireKey } from './keys/retire-key.js';
import { rotateKeys } from './keys/rotate-keys.js';
import { showEncryption } from './keys/show-encryption.js';
import { createRegistrationToken } from './registration-tokens/create-registration-token.js';
import { listRegistrationTokens } from './registration-tokens/list-registration-tokens.js';
import { revokeRegistrationToken } from './registration-tokens/revoke-registration-token.js';
import { createResourceServer } from './resource-servers/create-resource-server.js';
import { deleteResourceServer } from './resource-servers/delete-resource-server.js';
import { listResourceServers } from './resource-servers/list-resource-servers.js';
import { updateResourceServer } from './resource-servers/update-resource-server.js';
import { revoke } from './revoke/revoke.js';
import { listSecrets } from './secrets/list-secrets.js';
import { rotateSecret } from './secrets/rotate-secret.js';
import { setUp } from './setup/set-up.js';
import { createUser } from './users/create-user.js';
import { deleteUser } from './users/delete-user.js';
import { disableUser } from './users/disable-user.js';
import { enableUser } from './users/enable-user.js';
import { listUsers } from './users/list-users.js';
import { setAdministrator, unsetAdministrator } from './users/set-administrator.js';
import { setPassword } from './users/set-password.js';
import { updateUser } from './users/update-user.js';

/** Builds every command. A new command is its file and a line here. */
export const commandList = (tools: CommandTools): CommandUnknownOpts[] => [
  setUp(tools),
  commandGroup('client', 'Register, list, change, disable, enable and delete clients', [
    createClient(tools),
    listClients(tools),
    updateClient(tools),
    disableClient(tools),
    enableClient(tools),
    deleteClient(tools),
  ]),
  commandGroup('secret', 'Rotate and list the secrets of clients', [rotateSecret(tools), listSecrets(tools)]),
  commandGroup('key', 'Rotate, list and retire the keys that sign tokens', [
    rotateKeys(tools),
    listKeys(tools),
    retireKey(tools),
    showEncryption(tools),
  ]),
  commandGroup('user', 'Register, list, change, disable, enable and delete users', [
    createUser(tools),
    listUsers(tools),
    updateUser(tools),
    setPassword(tools),
    setAdministrator(tools),
    unsetAdministrator(tools),
    disableUser(tools),
    enableUser(tools),
    deleteUser(tools),
  ]),
  commandGroup('resource-server', 'Register, list, change and delete servers that accept access tokens', [
    createResourceServer(tools),
    listResourceServers(tools),
    updateResourceServer(tools),
    deleteResourceServer(tools),
  ]),
  commandGroup('registration-token', 'Create, list and revoke tokens with which clients register themselves', [
    createRegistrationToken(tools),
    listRegistrationTokens(tools),
    revokeRegistrationToken(tools),
  ]),
  revoke(tools),
  commandGroup('events', 'Show recorded security events', [tailEvents(tools)]),
];
