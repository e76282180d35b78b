/** Who can sign in to a freshly seeded provider. */
export const demoUsers = {
  alice: { username: 'alice@example.com', password: 'alice-demo-password' },
  bob: { username: 'bob@example.com', password: 'bob-demo-password' },
  admin: { username: 'admin@example.com', password: 'admin-demo-password' },
} as const;

/** The clients a freshly seeded provider knows by a secret. */
export const demoClients = {
  frontend: { clientId: 'frontend', clientSecret: 'frontend-demo-secret' },
  backend: { clientId: 'backend', clientSecret: 'backend-demo-secret' },
  marketingSync: { clientId: 'marketing-sync', clientSecret: 'marketing-sync-demo-secret' },
} as const;
