import { createClient, createCluster, createSentinel, ErrorReply, MultiErrorReply } from '@redis/client';
import { isNativeError } from 'node:util/types';
import { StateStoreUnavailableError } from '../state-store-unavailable.error.js';
import { parseRedisUrl, type RedisAddress } from './redis-url.js';

/** A server that sends nothing for this long, although it is pinged, is given up. */
const SILENCE_MILLISECONDS = 1500;
const PING_MILLISECONDS = 500;
/** How long a command may take, including the first connection and the search for a new master. */
const COMMAND_MILLISECONDS = 2000;
const LONGEST_RECONNECT_MILLISECONDS = 500;

/** Replies of a server that cannot be used at the moment: it starts, is full, is a replica, or refuses this client. */
const UNAVAILABLE =
  /^(LOADING|OOM|READONLY|MISCONF|NOREPLICAS|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|MOVED|ASK|NOAUTH|WRONGPASS|NOPERM|ERR max number)/;

/** A connection to one server, to the nodes of a cluster, or to the master that sentinels name. */
export type RedisCommands = Pick<
  ReturnType<typeof createClient>,
  | 'connect'
  | 'destroy'
  | 'isReady'
  | 'get'
  | 'set'
  | 'getDel'
  | 'del'
  | 'eval'
  | 'multi'
  | 'subscribe'
  | 'unsubscribe'
  | 'on'
>;

/**
 * Runs commands on Redis. Nothing waits for a server that is gone: commands are refused while it is not connected, each has a
 * time limit, and the client reconnects in the background.
 */
export class RedisConnection {
  readonly client: RedisCommands;
  private opened: Promise<unknown> | undefined;
  /** Until when the first connection is waited for. After that, commands are refused until it is there. */
  private patientUntil = 0;
  private isOpen = false;

  constructor(url: string) {
    this.client = clientFor(parseRedisUrl(url));
    // Every command that fails says so itself. Without a listener, the event would end the process.
    this.client.on('error', () => undefined);
  }

  /**
   * Runs commands, and connects before the first ones.
   *
   * @throws StateStoreUnavailableError when the server does not answer in time, or cannot be used at the moment.
   */
  async run<T>(commands: (client: RedisCommands) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('Redis did not answer in time')), COMMAND_MILLISECONDS);
    });
    try {
      // Awaited before, so that a command whose caller has got an error is not sent later.
      if (!this.isOpen) await Promise.race([this.open(), timeout]);
      return await Promise.race([commands(this.client), timeout]);
    } catch (error) {
      throw isRefusal(error) ? error : new StateStoreUnavailableError({ cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the connection. Commands that wait for a reply are rejected. */
  async close(): Promise<void> {
    if (this.opened) await Promise.resolve(this.client.destroy());
  }

  private async open(): Promise<void> {
    if (!this.opened) {
      this.patientUntil = performance.now() + COMMAND_MILLISECONDS;
      this.opened = this.client.connect().then(
        () => (this.isOpen = true),
        (error: unknown) => {
          this.opened = undefined;
          throw error;
        },
      );
    }
    if (performance.now() > this.patientUntil) throw new Error('Redis is not connected yet');
    await this.opened;
  }
}

/** Returns whether an error is not about the server: it refuses a command that is wrong, or a limit is exceeded. */
function isRefusal(error: unknown): boolean {
  const reply = error instanceof MultiErrorReply ? error.replies[0] : error;
  // Not `instanceof Error`: in a vm context, such as that of Jest, network errors of Node belong to another realm.
  return reply instanceof ErrorReply ? !UNAVAILABLE.test(reply.message) : !isNativeError(error);
}

function clientFor({ kind, tls, nodes, username, password, database, master, sentinels }: RedisAddress): RedisCommands {
  const limits = {
    connectTimeout: SILENCE_MILLISECONDS,
    socketTimeout: SILENCE_MILLISECONDS,
    reconnectStrategy: (retries: number) =>
      Math.min(50 * 2 ** Math.min(retries, 5), LONGEST_RECONNECT_MILLISECONDS) * (0.5 + Math.random() / 2),
  };
  const socket = tls ? { ...limits, tls: true as const } : limits;
  const options = { username, password, socket, pingInterval: PING_MILLISECONDS, disableOfflineQueue: true };
  const [{ host, port }] = nodes;
  if (kind === 'server') return createClient({ ...options, database, socket: { ...socket, host, port } });
  // Clusters and sentinels have every command that the store uses, with the same parameters and replies.
  if (kind === 'cluster') {
    const rootNodes = nodes.map((node) => ({ ...options, socket: { ...socket, ...node } }));
    return createCluster({ rootNodes, defaults: options }) as unknown as RedisCommands;
  }
  return createSentinel({
    name: master ?? '',
    sentinelRootNodes: [...nodes],
    nodeClientOptions: { ...options, database },
    sentinelClientOptions: { ...sentinels, socket },
    scanInterval: 1000,
    maxCommandRediscovers: 1,
  }) as unknown as RedisCommands;
}
