import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MILLISECONDS = 50;

/**
 * A balancer in front of the replicas of one server, as simple as they come: it asks each replica for its readiness, sends
 * requests in turn to those that are ready, keeps connections alive on both sides, and repeats nothing.
 */
export class ReadinessBalancer {
  /** The origins of the replicas. */
  targets: readonly string[] = [];
  private ready: readonly string[] = [];
  private turn = 0;
  private readonly stopping = new AbortController();
  private polling: Promise<void> | undefined;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Starts to listen on loopback and to ask for readiness. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
    this.polling = this.poll();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.polling;
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const states = await Promise.all(this.targets.map(async (target) => [target, await isReady(target)] as const));
      this.ready = states.flatMap(([target, isReadyNow]) => (isReadyNow ? [target] : []));
      await wait(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = this.ready[this.turn++ % this.ready.length];
    if (!target) return void outgoing.writeHead(503, { 'retry-after': '1' }).end();
    const { url = '/', method, headers } = incoming;
    const sent = request(new URL(url, target), { method, headers, agent: this.agent }, (answer) => {
      // The replica closes its own connection; the one to the client stays.
      const { connection: _, 'keep-alive': __, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, kept);
      pipeline(answer, outgoing, () => undefined);
    });
    sent.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    pipeline(incoming, sent, () => undefined);
  }
}

async function isReady(target: string): Promise<boolean> {
  try {
    return (await fetch(`${target}/health/ready`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
