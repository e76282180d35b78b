/** The users that the seed creates at the provider. */
export const demoUsers = {
  alice: { username: 'alice@example.com', password: 'alice-demo-password' },
  bob: { username: 'bob@example.com', password: 'bob-demo-password' },
  admin: { username: 'admin@example.com', password: 'admin-demo-password' },
} as const;

/** The clients with a secret that the seed creates at the provider. */
export const demoClients = {
  frontend: { clientId: 'frontend', clientSecret: 'frontend-demo-secret' },
  backend: { clientId: 'backend', clientSecret: 'backend-demo-secret' },
  marketingSync: { clientId: 'marketing-sync', clientSecret: 'marketing-sync-demo-secret' },
} as const;
