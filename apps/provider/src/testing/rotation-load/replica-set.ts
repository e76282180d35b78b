import { createServer, request as forward, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ProviderUnderTest, startProvider } from '../provider-under-test.js';
import { until } from '../until.js';

interface Member {
  readonly provider: ProviderUnderTest;
  inFlight: number;
}

/**
 * Runs replicas of one provider behind a load balancer whose URL is the issuer. Requests go to the replicas in turn. A
 * replica that is about to be stopped gets no new requests and finishes those that it has.
 */
export class ReplicaSet {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((request, response) => this.pass(request, response));
  private members: Member[] = [];
  private turn = 0;

  private constructor(
    private readonly databaseUrl: string,
    private environment: Record<string, string>,
  ) {}

  static async start(databaseUrl: string, count: number, environment: Record<string, string>): Promise<ReplicaSet> {
    const replicas = new ReplicaSet(databaseUrl, environment);
    await new Promise<void>((resolve) => replicas.server.listen(0, 'localhost', resolve));
    for (let index = 0; index < count; index++) replicas.members.push(await replicas.startMember());
    return replicas;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** One of the replicas, for test builders that need a provider. */
  get any(): ProviderUnderTest {
    const [member] = this.members;
    if (!member) throw new Error('No replica is running.');
    return { ...member.provider, url: this.url };
  }

  /** Replaces the replicas one after the other by replicas with changed environment variables, like a rolling update. */
  async roll(changes: Record<string, string>): Promise<void> {
    this.environment = { ...this.environment, ...changes };
    for (const former of [...this.members]) {
      this.members = this.members.filter((member) => member !== former);
      await until(() => (former.inFlight === 0 ? true : undefined));
      await former.provider.stop();
      this.members.push(await this.startMember());
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map(({ provider }) => provider.stop()));
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async startMember(): Promise<Member> {
    return { provider: await startProvider(this.databaseUrl, { ...this.environment, ISSUER: this.url }), inFlight: 0 };
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const member = this.members[this.turn++ % this.members.length];
    if (!member) return void outgoing.writeHead(502).end('no replica is running');
    member.inFlight++;
    outgoing.once('close', () => member.inFlight--);
    const { method, headers, url } = incoming;
    const options = { method, headers, agent: this.agent };
    const passed = forward(`http://localhost:${member.provider.config.PORT}${url ?? ''}`, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', (error) => outgoing.writeHead(502).end(String(error)));
    incoming.pipe(passed);
  }
}
