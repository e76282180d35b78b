import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A connection to a database that a test can interrupt. */
export interface DatabaseConnection {
  /** The URL of the database through this connection. */
  readonly url: string;
  /** Closes every connection and refuses new ones, like a database that is down. */
  cut(): Promise<void>;
  /** Accepts new connections again. */
  restore(): Promise<void>;
  /** Stops forwarding data without closing connections, like a database whose machine hangs. */
  freeze(): void;
  /** Forwards data again, including the data that arrived in the meantime. */
  thaw(): void;
}

/** Starts a TCP proxy in front of a database, so that a test can make the database unreachable. */
export async function databaseConnection(databaseUrl: string): Promise<DatabaseConnection> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const listener = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (chunk) => void far.write(chunk));
    far.on('data', (chunk) => void near.write(chunk));
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    if (isFrozen) for (const socket of [near, far]) socket.pause();
  });
  const listen = (port: number) => new Promise<void>((resolve) => void listener.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = listener.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    cut: () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
    restore: () => listen(port),
    freeze: () => {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
  };
}
