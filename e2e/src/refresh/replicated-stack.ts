import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import pg from 'pg';
import { LossyProxy } from './lossy-proxy.js';

// Longer than any test runs: time passes only when a test says so.
const GRACE_SECONDS = 3600;

/** What became of a grant, and how often the use of a token that had been replaced was recorded. */
export interface GrantState {
  readonly live: boolean;
  readonly recorded: number;
}

/** Two replicas of the provider behind a lossy proxy, two of the frontend, and one backend, as processes. */
export class ReplicatedStack {
  readonly proxy = new LossyProxy();
  private readonly stacks: Stack[] = [];
  private database: pg.Pool | undefined;

  static async start(): Promise<ReplicatedStack> {
    const all = new ReplicatedStack();
    try {
      await all.startProcesses();
      return all;
    } catch (error) {
      await all.stop();
      throw error;
    }
  }

  /** Where the two replicas of the frontend are. */
  get frontends(): readonly string[] {
    return this.stacks.map(({ urls }) => urls.frontend);
  }

  async stateOf(grant: string): Promise<GrantState | undefined> {
    const { rows } = await this.query<GrantState>(
      `SELECT revoked_at IS NULL AS live, (
         SELECT count(*)::int FROM security_events WHERE grant_id = grants.id AND type = 'refresh-token-reuse'
       ) AS recorded FROM grants WHERE id = $1`,
      [grant],
    );
    return rows[0];
  }

  /** Lets more time pass than a retry may take. */
  async pass(grant: string): Promise<void> {
    await this.query('UPDATE grants SET refreshed_at = refreshed_at - make_interval(secs => $2) WHERE id = $1', [
      grant,
      GRACE_SECONDS + 1,
    ]);
  }

  /** Presents a refresh token as somebody who has the frontend's credentials too; its successor, if any. */
  async steal(refreshToken: string): Promise<string | undefined> {
    const answer = await fetch(`${this.proxy.targets[1]}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('frontend:frontend-demo-secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    return ((await answer.json()) as { refresh_token?: string }).refresh_token;
  }

  async stop(): Promise<void> {
    await this.database?.end();
    await Promise.all(this.stacks.map((stack) => stack.stop()));
    await this.proxy.stop();
  }

  private async startProcesses(): Promise<void> {
    await this.proxy.start();
    const provider = { ISSUER: this.proxy.url, REFRESH_GRACE_PERIOD: String(GRACE_SECONDS) };
    const others = { ISSUER: this.proxy.url };
    // Discovery goes through the proxy before anybody knows where the provider is: whoever asks too early asks again.
    const first = await startTemporaryStack({ environment: { provider, backend: others, frontend: others } });
    this.stacks.push(first);
    const { PORT: _, ...sameProvider } = first.environments.provider;
    const { PORT: __, ...sameFrontend } = first.environments.frontend;
    this.stacks.push(
      await startTemporaryStack({
        only: ['provider', 'frontend'],
        environment: { provider: sameProvider, frontend: sameFrontend },
      }),
    );
    this.proxy.targets = this.stacks.map(({ urls }) => urls.provider);
    this.database = new pg.Pool({ connectionString: first.databaseUrls.provider, max: 4 });
  }

  private query<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<T>> {
    if (!this.database) throw new Error('the stack is not running');
    return this.database.query<T>(text, values);
  }
}
