/** The URLs of the other servers in the demo data. No server listens there in tests. */
export const DEMO = { frontend: 'http://localhost:3000', backend: 'http://localhost:3002' } as const;
