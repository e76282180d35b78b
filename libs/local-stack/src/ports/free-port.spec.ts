import { createServer } from 'node:net';
import { freePort, isPortFree, reservePort } from './free-port.js';

describe('freePort', () => {
  it('never returns a port twice, although nobody listens at the first yet', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('reserves what it returns against other processes', async () => {
    expect(await reservePort(await freePort())).toBe(false);
  });

  it('leaves the port to the server that is to have it', async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });
});
