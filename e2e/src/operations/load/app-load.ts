import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent, type Tokens } from '@trefoil/testing';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from './worker.js';

const SCOPE = 'openid offline_access profile email account:read contacts:read contacts:write';

type Work = () => Promise<void>;

/** Requests of machine clients, API clients and browsers to the three apps. */
export class AppLoad {
  /**
   * @param urls the public URL of each app.
   * @param contactCount how many contacts {@link createContacts} creates, so that a worker finds them in the export.
   */
  constructor(
    private readonly urls: () => Readonly<Record<'provider' | 'backend' | 'frontend', string>>,
    private readonly contactCount: number,
  ) {}

  /** Returns the client of the frontend as a relying party. Its users sign in for the backend. */
  async client(): Promise<RelyingParty> {
    const { provider: issuer, frontend } = this.urls();
    return RelyingParty.discover({ issuer, ...demoClients.frontend, redirectUri: `${frontend}/callback` });
  }

  /** Returns the user, scopes and resource server of a sign-in. */
  signInOptions() {
    return { ...demoUsers.alice, scope: SCOPE, parameters: { resource: this.urls().backend } };
  }

  async signIn(): Promise<Tokens> {
    return (await this.client()).signIn(this.signInOptions());
  }

  async createContacts(): Promise<void> {
    const { access_token } = await this.signIn();
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
    for (let count = 0; count < this.contactCount; count++) {
      const body = JSON.stringify({ name: `Contact ${count}`, notes: 'x'.repeat(200) });
      await expectOk(await fetch(`${this.urls().backend}/v1/contacts`, { method: 'POST', headers, body }));
    }
  }

  /** Requests contacts with an access token of a user. */
  contacts({ access_token }: Pick<Tokens, 'access_token'>): Promise<Response> {
    const headers = { authorization: `Bearer ${access_token}` };
    return fetch(`${this.urls().backend}/v1/contacts?limit=5`, { headers });
  }

  /** Starts the work of a machine client, of an API client with a refresh token, of a user request, and of a signed-in browser. */
  async startWorkers(wrap: (work: Work) => Work = (work) => work): Promise<Worker[]> {
    const { backend, frontend } = this.urls();
    const [{ access_token }, { refresh_token = '' }] = [await this.signIn(), await this.signIn()];
    const browser = new Browser();
    await signInAndConsent(await browser.open(`${frontend}/contacts`), demoUsers.bob);
    let refreshToken = refresh_token;
    const work: Record<string, Work> = {
      'an export': async () => {
        const machine = { grant_type: 'client_credentials', scope: 'contacts:export' };
        const { access_token: token } = await this.requestTokens(demoClients.marketingSync, machine);
        const headers = { authorization: `Bearer ${token}` };
        const answer = await fetch(`${backend}/v1/exports/contacts`, { headers });
        const lines = (await expectOk(answer)).split('\n').filter((line) => line.includes('"name":"Contact '));
        if (lines.length !== this.contactCount) throw new Error(`the export has ${lines.length} contacts`);
      },
      'a refresh': async () => {
        const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
        refreshToken = (await this.requestTokens(demoClients.frontend, refresh)).refresh_token;
      },
      'a user request of the backend': async () => void (await expectOk(await this.contacts({ access_token }))),
      'a page that uses all three': async () => {
        const page = await browser.open(`${frontend}/profile`);
        // The consent page shows the address as well.
        const isProfile =
          page.status === 200 && page.title.includes('profile') && page.text.includes('bob@example.com');
        if (!isProfile) throw new Error(`${page.status} ${page.title}`);
      },
    };
    return Object.entries(work).map(([name, each]) => new Worker(name, wrap(each)));
  }

  /** Sends a request to the token endpoint with the secret of a client of the demo. */
  private async requestTokens(
    { clientId, clientSecret }: { clientId: string; clientSecret: string },
    parameters: Record<string, string>,
  ) {
    const answer = await fetch(`${this.urls().provider}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams(parameters),
    });
    return JSON.parse(await expectOk(answer)) as { access_token: string; refresh_token: string };
  }
}

/** Does something while workers work, stops them, and expects that nothing of their work failed. */
export async function expectNoFailure(workers: readonly Worker[], disturb: () => Promise<void>): Promise<void> {
  try {
    await disturb();
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  expect(workers.flatMap(({ failures }) => failures)).toEqual([]);
  for (const { rounds } of workers) expect(rounds).toBeGreaterThan(10);
}

/** Waits until each worker has completed some more rounds. */
export async function untilMoreRounds(workers: readonly Worker[], count: number): Promise<void> {
  const targets = workers.map(({ rounds }) => rounds + count);
  while (workers.some(({ rounds }, index) => rounds < (targets[index] ?? 0))) await wait(10);
}

async function expectOk(answer: Response): Promise<string> {
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${body.slice(0, 200)}`);
  return body;
}
