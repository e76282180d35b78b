import { accountScopes, contactScopes, scopeNames, scopesOf } from '@trefoil/dto';
import type { WebServer } from '@trefoil/web-server';
import { BACKEND, type FrontendConfig } from './config.js';
import { MIGRATIONS } from './database/migrations.js';

/** Describes the frontend as a web server. */
export const frontend: WebServer<FrontendConfig> = {
  name: 'frontend',
  cookiePrefix: 'trefoil_frontend_',
  site: {
    name: 'Trefoil',
    navigation: [
      { href: '/profile', label: 'Profile' },
      { href: '/contacts', label: 'Contacts' },
    ],
    userPage: '/profile',
    footer: 'Trefoil keeps every token on its servers. Your browser holds only a cookie.',
  },
  apis: ({ BACKEND_URL, BACKEND_MTLS_URL, BACKEND_AUDIENCE }) => [
    {
      name: BACKEND,
      title: 'contacts service',
      resource: BACKEND_AUDIENCE ?? BACKEND_URL,
      url: BACKEND_MTLS_URL ?? BACKEND_URL,
      scopes: scopeNames(scopesOf(contactScopes, 'users')),
      browserPaths: ['/v1/contacts', '/v1/profile'],
    },
  ],
  // The backend exchanges the token of the user for one that reads the account.
  scopes: [accountScopes.read.name],
  migrations: MIGRATIONS,
};
