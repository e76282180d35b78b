import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MILLISECONDS = 50;
/** The answers in a row that may be too late before a replica counts as not ready, as in other balancers. */
const LATE_ANSWERS = 3;

/**
 * A simple balancer in front of the replicas of one server. It asks each replica for its readiness, sends requests in turn
 * to those that are ready, keeps connections alive on both sides, and repeats nothing. It can also be a plain TCP balancer,
 * which knows neither requests nor readiness.
 */
export class Balancer {
  private readonly targets: string[] = [];
  private readonly ready = new Set<string>();
  private isPlainTcp = false;
  private chosen: string | undefined;
  private readonly sockets = new Set<Socket>();
  private turn = 0;
  private readonly stopping = new AbortController();
  private readonly polling: Promise<void>[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly requests = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
  private readonly server = createTcpServer((socket) => {
    this.keep(socket);
    if (this.isPlainTcp) this.connect(socket);
    else this.requests.emit('connection', socket);
  });

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Starts to listen on loopback. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, 'localhost', resolve));
  }

  /**
   * Adds the origin of a replica, and waits until it says that it is ready. Each is asked on its own, so that one that hangs
   * delays no news of another.
   */
  async add(target: string): Promise<void> {
    this.targets.push(target);
    this.polling.push(this.poll(target));
    while (!this.ready.has(target)) await wait(POLL_MILLISECONDS);
  }

  /** Sends requests only to one replica; without an argument, to all that are ready. */
  use(target?: string): void {
    this.chosen = target;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.polling);
    this.agent.destroy();
    this.closeConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /**
   * Becomes a plain TCP balancer: it sends connections in turn to all replicas, and to the next one when a replica accepts
   * none. Closes the connections that it has.
   */
  becomePlainTcp(): void {
    this.isPlainTcp = true;
    this.closeConnections();
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  private closeConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private connect(socket: Socket, tried = 0): void {
    const target = this.targets[this.turn++ % this.targets.length];
    if (target === undefined || tried === this.targets.length) return void socket.destroy();
    const { hostname: host, port } = new URL(target);
    const onward = connect({ host, port: Number(port) });
    const tryNext = () => this.connect(socket, tried + 1);
    onward.once('error', tryNext);
    onward.once('connect', () => {
      onward.off('error', tryNext);
      this.keep(onward);
      // An error on one side ends the other one.
      pipeline(socket, onward, () => undefined);
      pipeline(onward, socket, () => undefined);
    });
  }

  private async poll(target: string): Promise<void> {
    const { signal } = this.stopping;
    for (let late = 0; !signal.aborted;) {
      const readiness = await readinessOf(target);
      late = readiness === undefined ? late + 1 : 0;
      if (readiness) this.ready.add(target);
      else if (readiness === false || late >= LATE_ANSWERS) this.ready.delete(target);
      await wait(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = this.chosen ?? [...this.ready][this.turn++ % this.ready.size];
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

/** Returns whether a replica says that it is ready; undefined when it does not answer within a second. */
async function readinessOf(target: string): Promise<boolean | undefined> {
  try {
    return (await fetch(`${target}/health/ready`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? undefined : false;
  }
}
