import type { ScopeTable } from './scope.js';

/**
 * The scopes of the contacts API. This is the one place that names them: the routes and the documents of the backend, its
 * registration with the provider and the sign-in of the frontend read it.
 */
export const contactScopes = {
  read: { name: 'contacts:read', description: 'see your contacts', grantedTo: ['users'] },
  write: { name: 'contacts:write', description: 'add, change and delete your contacts', grantedTo: ['users'] },
  export: { name: 'contacts:export', description: 'read the contacts of all users', grantedTo: ['machines'] },
} as const satisfies ScopeTable;
