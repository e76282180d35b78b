/** The people that the demo data has; it is refused in production. */
export const DEMO_ACCOUNTS = [
  { username: 'alice@example.com', password: 'alice-demo-password' },
  { username: 'bob@example.com', password: 'bob-demo-password' },
] as const;
