import { Controller, Get, Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { ServerResponse } from 'node:http';
import { UserRoute } from '../route-rules/route-rules.js';
import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { RevocationList } from './revocation-list.js';
import { TokenRevoked } from './token-revoked.decorator.js';

/** The listeners that are registered at the moment. */
const listeners = new Set<() => void>();
/** The answer of the list, which the verification of a token waits for. */
let verification: Promise<boolean>;
let handled: () => void;

@Injectable()
class ObservedList extends RevocationList {
  isRevoked(): Promise<boolean> {
    return verification;
  }
  override onRevoked(_claims: AccessTokenClaims, listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}

@Controller()
class WaitingController {
  @Get('notes')
  @UserRoute('notes:read')
  async wait(@TokenRevoked() revoked: AbortSignal) {
    for (const listener of listeners) listener();
    revoked.throwIfAborted();
    return {};
  }

  @Get('others')
  @UserRoute('notes:read')
  others(@TokenRevoked() revoked: AbortSignal) {
    handled();
    return { aborted: revoked.aborted };
  }
}

beforeEach(() => {
  listeners.clear();
  verification = Promise.resolve(false);
  handled = () => undefined;
});
afterEach(stopTestApps);

describe('@TokenRevoked()', () => {
  const start = async () => {
    const issuer = await TestIssuer.create();
    const app = await startTestApp(issuer, { controllers: [WaitingController], revocationList: ObservedList });
    return { app, authorization: `Bearer ${await issuer.userToken({ scope: 'notes:read' })}` };
  };

  it('injects a signal whose reason is the error response for a revoked token (RFC 6750 §3.1)', async () => {
    const { app, authorization } = await start();
    const { status, challenge, body } = await ask(app, '/notes', authorization);
    expect(status).toBe(401);
    expect(challenge).toBe(
      'Bearer realm="notes", error="invalid_token", error_description="the token has been revoked"',
    );
    expect(body).toMatchObject({ detail: 'The token has been revoked.' });
  });

  it('removes its listener after the response', async () => {
    const { app, authorization } = await start();
    for (let times = 0; times < 20; times++) expect((await ask(app, '/others', authorization)).status).toBe(200);
    expect(listeners.size).toBe(0);
  });

  it('removes its listener when the caller disconnects during the verification of the token', async () => {
    const { app, authorization } = await start();
    let verified = (_isRevoked: boolean) => {};
    verification = new Promise<boolean>((resolve) => (verified = resolve));
    const isHandled = new Promise<void>((resolve) => (handled = resolve));
    const closed = new Promise<void>((resolve) => {
      app.getHttpServer().once('request', (_request: unknown, response: ServerResponse) => {
        response.once('close', resolve);
        caller.abort();
      });
    });
    await app.listen(0, '127.0.0.1');
    const caller = new AbortController();
    const answer = fetch(`${await app.getUrl()}/others`, { headers: { authorization }, signal: caller.signal });
    await expect(answer).rejects.toThrow('aborted');
    await closed;
    verified(false);
    await isHandled;
    expect(listeners.size).toBe(0);
  });
});
