import { contactScopes } from './contact-scopes.js';
import type { ScopeTable } from './scope.js';

/** The scopes of each resource server of the workspace, by the name of its app. The demo data registers them. */
export const resourceServerScopes: Readonly<Record<string, ScopeTable>> = {
  backend: contactScopes,
};
