import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The server of a client that receives logout tokens at any path. */
export interface LogoutReceiver {
  readonly origin: string;
  /** The logout tokens received, in order. */
  readonly received: { readonly path: string; readonly type: string | undefined; readonly logoutToken: string }[];
  /** Answers the next requests; by default with status 200. */
  answer: (response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** Starts a server that receives logout tokens. */
export async function startLogoutReceiver(): Promise<LogoutReceiver> {
  const received: LogoutReceiver['received'] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const logoutToken = new URLSearchParams(body).get('logout_token') ?? '';
      received.push({ path: request.url ?? '', type: request.headers['content-type'], logoutToken });
      receiver.answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: LogoutReceiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (response) => response.end(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
