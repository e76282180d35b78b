/** An answer of an API with its whole body. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; undefined when there was no body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what a test states
  readonly body: any;
}

/** Sends requests to an API with one token, or without any. */
export class Caller {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  get = (path: string, headers?: Record<string, string>) => this.send('GET', path, { headers });
  delete = (path: string, headers?: Record<string, string>) => this.send('DELETE', path, { headers });
  post = (path: string, body: object, headers?: Record<string, string>) => this.sendJson('POST', path, body, headers);
  patch = (path: string, body: object, headers?: Record<string, string>) => this.sendJson('PATCH', path, body, headers);

  /** Sends a request and parses the body of the answer as JSON. */
  async send(
    method: string,
    path: string,
    { headers, body }: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(this.token && { Authorization: `Bearer ${this.token}` }), ...headers },
      body,
      redirect: 'manual',
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  private sendJson(method: string, path: string, body: object, headers?: Record<string, string>): Promise<Reply> {
    return this.send(method, path, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }
}
