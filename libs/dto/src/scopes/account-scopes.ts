import type { ScopeTable } from './scope.js';

/** The scopes of the provider's own API: accounts, administration, security events, the directory and the event streams. */
export const accountScopes = {
  read: {
    name: 'account:read',
    description: 'see your account: name, e-mail address and profile',
    grantedTo: ['users'],
  },
  write: { name: 'account:write', description: 'change your account', grantedTo: ['users'] },
  events: {
    name: 'events:read',
    description: 'see what all users and applications do, as an administrator',
    grantedTo: ['administrators'],
  },
  readInstallation: {
    name: 'admin:read',
    description: 'see the users, applications, resource servers and keys of the installation, as an administrator',
    grantedTo: ['administrators', 'machines'],
  },
  changeInstallation: {
    name: 'admin:write',
    description: 'change the users, applications, resource servers and keys of the installation, as an administrator',
    grantedTo: ['administrators', 'machines'],
  },
  directory: { name: 'directory:read', description: 'look up users by their id', grantedTo: ['machines'] },
  manageStreams: {
    name: 'ssf.manage',
    description: 'receive revocations on streams of its own',
    grantedTo: ['machines'],
  },
  readStreams: { name: 'ssf.read', description: 'read its own streams', grantedTo: ['machines'] },
} as const satisfies ScopeTable;
