import type { LoopbackOpenIdProvider } from './loopback-openid-provider.js';
import { type Answer, LoopbackServer, type Received } from './loopback-server.js';

/** A small API for the tests of web servers. It answers requests with a token of its provider, and refuses the others with 401. */
export class LoopbackApi extends LoopbackServer {
  /** @param resources the body of each path, for the subject of the token. */
  constructor(
    private readonly provider: LoopbackOpenIdProvider,
    private readonly resources: Readonly<Record<string, (subject: string) => object>>,
  ) {
    super();
  }

  protected answer({ url, headers }: Received): Answer {
    const subject = this.provider.subjectOf(headers.authorization?.replace(/^Bearer /, '') ?? '', this.url);
    if (subject === undefined) return [401, {}, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }];
    const body = this.resources[url.pathname];
    return body ? [200, body(subject)] : [404, {}];
  }
}
