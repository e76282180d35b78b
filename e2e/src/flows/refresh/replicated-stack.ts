import { type Stack, type StackOptions, startTemporaryStack } from '@trefoil/local-stack';
import pg from 'pg';
import { LossyProxy } from './lossy-proxy.js';

// Longer than the test run, so that the grace period ends only when a test ends it.
const GRACE_SECONDS = 3600;

/** Whether a grant is live, and how many times the reuse of a replaced refresh token was recorded for it. */
export interface GrantState {
  readonly live: boolean;
  readonly recorded: number;
}

/** How a {@link ReplicatedStack} runs. */
export interface ReplicatedStackOptions extends Pick<StackOptions, 'redisUrl'> {
  /** How many replicas of provider and frontend run. */
  readonly replicas?: 1 | 2;
}

/** Replicas of the provider behind a lossy proxy, as many of the frontend, and a backend, all as processes. */
export class ReplicatedStack {
  readonly proxy = new LossyProxy();
  private readonly stacks: Stack[] = [];
  private database: pg.Pool | undefined;

  private constructor(private readonly options: ReplicatedStackOptions) {}

  /** Starts all processes. When one of them fails, it stops the others and throws. */
  static async start(options: ReplicatedStackOptions = {}): Promise<ReplicatedStack> {
    const all = new ReplicatedStack(options);
    try {
      await all.startProcesses();
      return all;
    } catch (error) {
      await all.stop();
      throw error;
    }
  }

  /** Returns the origins of the replicas of the frontend. */
  get frontends(): readonly string[] {
    return this.stacks.map(({ urls }) => urls.frontend);
  }

  /** Returns the origin of the backend. */
  get backend(): string {
    return this.stacks[0]?.urls.backend ?? '';
  }

  /** Returns the URLs of the databases. */
  get databaseUrls(): Stack['databaseUrls'] | undefined {
    return this.stacks[0]?.databaseUrls;
  }

  /** Returns the state of a grant from the database of the provider. */
  async stateOf(grant: string): Promise<GrantState | undefined> {
    const { rows } = await this.query<GrantState>(
      `SELECT revoked_at IS NULL AS live, (
         SELECT count(*)::int FROM security_events WHERE grant_id = grants.id AND type = 'refresh-token-reuse'
       ) AS recorded FROM grants WHERE id = $1`,
      [grant],
    );
    return rows[0];
  }

  /** Ends the grace period in which the client of a grant may retry a refresh. */
  async endGracePeriod(grant: string): Promise<void> {
    await this.query('UPDATE grants SET refreshed_at = refreshed_at - make_interval(secs => $2) WHERE id = $1', [
      grant,
      GRACE_SECONDS + 1,
    ]);
  }

  /** Redeems a refresh token as a thief who also has the credentials of the frontend. Returns the new token, if any. */
  async redeemStolen(refreshToken: string): Promise<string | undefined> {
    const answer = await fetch(`${this.proxy.targets[1]}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('frontend:frontend-demo-secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    return ((await answer.json()) as { refresh_token?: string }).refresh_token;
  }

  /** Stops all processes. */
  async stop(): Promise<void> {
    await this.database?.end();
    await Promise.all(this.stacks.map((stack) => stack.stop()));
    await this.proxy.stop();
  }

  private async startProcesses(): Promise<void> {
    await this.proxy.start();
    const provider = { ISSUER: this.proxy.url, REFRESH_GRACE_PERIOD: String(GRACE_SECONDS) };
    const others = { ISSUER: this.proxy.url };
    // Discovery goes through the proxy before it knows the provider. The servers repeat a discovery that fails.
    const { replicas = 2, redisUrl } = this.options;
    const first = await startTemporaryStack({
      redisUrl,
      // The proxy reads and loses what the frontend sends to the provider, so it needs plain HTTP and a secret.
      clientCertificates: false,
      environment: { provider, backend: others, frontend: others },
    });
    this.stacks.push(first);
    if (replicas === 2) this.stacks.push(await startReplica(first));
    this.proxy.targets = this.stacks.map(({ urls }) => urls.provider);
    this.database = new pg.Pool({ connectionString: first.databaseUrls.provider, max: 4 });
  }

  private query<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<T>> {
    if (!this.database) throw new Error('The stack is not running. Call `start` first.');
    return this.database.query<T>(text, values);
  }
}

/** Starts another provider and another frontend with the databases of a stack, and with its Redis if it has one. */
function startReplica({ environments }: Stack): Promise<Stack> {
  const { PORT: _, ...provider } = environments.provider;
  const { PORT: __, ...frontend } = environments.frontend;
  return startTemporaryStack({
    only: ['provider', 'frontend'],
    redis: false,
    clientCertificates: false,
    environment: { provider, frontend },
  });
}
