import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonOptions } from './find-authlib.js';

// The TypeScript compiler does not copy Python files to dist.
const program = fileURLToPath(new URL('../../../src/clients/authlib/client.py', import.meta.url));

/** The token response as Authlib returns it. */
export interface AuthlibTokens {
  access_token: string;
  token_type: string;
  expires_in: number;
  refresh_token?: string;
  scope?: string;
  issued_token_type?: string;
}

/** The results of the calls of `client.py`. */
interface Answers {
  discover: Record<string, unknown>;
  register: { client_id: string; client_secret?: string; security_profile: string };
  open: null;
  authorization_url: string;
  push: { url: string; request_uri: string; expires_in: number };
  redeem: { tokens: AuthlibTokens; claims: Record<string, unknown>; id_token_alg: string };
  refresh: AuthlibTokens;
  exchange: AuthlibTokens;
  client_credentials: AuthlibTokens;
  introspect: Record<string, unknown>;
  revoke: number;
  userinfo: Record<string, unknown>;
  get: { status: number; challenge: string | null };
  dpop_key: string;
  change_dpop_key: null;
  forget_nonces: null;
  challenges: number;
}

interface Answer<Name extends keyof Answers> {
  result: Answers[Name];
  error?: { type: string; error: string | null; description: string };
}

/** An error of Authlib, or of a server that Authlib called; then `error` is the error code of the server. */
export class AuthlibError extends Error {
  constructor(
    readonly type: string,
    readonly error: string | null,
    description: string,
  ) {
    super(`${type} ${error ?? ''}: ${description}`);
  }
}

/** An OAuth client in Python that uses Authlib. It runs in its own process. */
export class AuthlibClient {
  private readonly answers: AsyncIterator<string>;

  private constructor(
    private readonly child: ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream },
  ) {
    this.answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** Starts the process with a Python interpreter that has Authlib. */
  static start(python: string): AuthlibClient {
    const environment = {
      // The servers under test have no certificates, and no proxy may stand between.
      AUTHLIB_INSECURE_TRANSPORT: '1',
      NO_PROXY: '*',
    };
    const child = spawn(python, [...pythonOptions, program], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // When the process has ended, reading its output reports it.
    child.stdin.on('error', () => {});
    return new AuthlibClient(child);
  }

  /**
   * Calls a method of the client in `client.py`.
   *
   * @throws AuthlibError when the method fails.
   */
  async call<Name extends keyof Answers>(call: Name, parameters: object = {}): Promise<Answers[Name]> {
    this.child.stdin.write(`${JSON.stringify({ call, arguments: parameters })}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`${program} ended during the call of ${call}. Its output on stderr says why.`);
    const { result, error } = JSON.parse(value) as Answer<Name>;
    if (error) throw new AuthlibError(error.type, error.error, error.description);
    return result;
  }

  /** Ends the process by closing its input. The input also closes when the test process is killed. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.stdin.end();
    await exit;
  }
}
