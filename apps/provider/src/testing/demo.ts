/** Where the demo's other servers are said to be; nobody listens there in these tests. */
export const DEMO = { frontend: 'http://localhost:3000', backend: 'http://localhost:3002' } as const;
