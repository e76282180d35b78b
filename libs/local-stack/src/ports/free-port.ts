import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Operating systems take the ports of outgoing connections from a range above, so none of these is taken by chance. */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * Returns a random TCP port that is free on the loopback interface. No other call returns the same port while this
 * process runs, in this process or another, so the server that is to have the port may start later.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, LAST + 1);
  return (await reservePort(port)) && (await isPortFree(port)) ? port : freePort();
}

/**
 * Reserves a TCP port until this process ends. Returns whether nobody had reserved it. The reservation is a UDP socket
 * with the same number: only one process can open it, and the system closes it however the process ends.
 */
export function reservePort(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

/** Returns whether a TCP port is free on the IPv4 and IPv6 loopback addresses of this machine. */
export async function isPortFree(port: number, hosts = ['127.0.0.1', '::1']): Promise<boolean> {
  for (const host of hosts) {
    try {
      await close(await listen(port, host));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A machine without IPv6 has no ::1 to listen on.
      if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') return false;
    }
  }
  return true;
}

function listen(port: number, host: string) {
  const server = createServer();
  return new Promise<typeof server>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
