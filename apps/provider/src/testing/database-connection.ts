import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a database that can be cut. */
export interface DatabaseConnection {
  /** The URL of the database through this connection. */
  readonly url: string;
  /** Breaks every connection and refuses new ones, as a database does that has gone down. */
  cut(): Promise<void>;
  /** Lets new ones through again. */
  restore(): Promise<void>;
}

/** Stands between a server and its database, so that a test can take the database away. */
export async function databaseConnection(databaseUrl: string): Promise<DatabaseConnection> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
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
  };
}
