import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ComposeProject } from './compose-project.js';

const checkout = fileURLToPath(new URL('../../../..', import.meta.url));
const names = new URL('names-on-loopback.mjs', import.meta.url).href;

const URLS = {
  provider: 'https://auth.localhost:3001',
  backend: 'https://api.localhost:3002',
  frontend: 'https://app.localhost:3000',
};
/** The ports of the service `intruder`. */
const MTLS_URLS = { provider: 'https://provider:3401', backend: 'https://backend:3402' };
const WEB_SCOPES = 'openid profile email offline_access account:read account:write contacts:read contacts:write';

/** The counts of a run of other specs, and the messages of those that failed. */
export interface SpecResults {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Runs the specs of the shared stack against the servers of a compose project with `intruder.yml`. */
export class ComposeStack {
  private constructor(
    private readonly directory: string,
    private readonly stack: object,
  ) {}

  /**
   * Copies the certificates out of the containers, and registers the client of the tests.
   *
   * @param directory where the certificates are written.
   */
  static async of(project: ComposeProject, directory: string): Promise<ComposeStack> {
    const copy = async (service: string, file: string) => {
      mkdirSync(join(directory, service), { recursive: true });
      const path = join(directory, service, file);
      await project.copy(service, `/run/secrets/trefoil/tls/${file}`, path);
      return path;
    };
    const client = async (service: string) => ({
      client: { certificate: await copy(service, 'client.pem'), key: await copy(service, 'client.key') },
    });
    const services = { frontend: await client('frontend'), backend: await client('backend') };
    const root = await copy('provider', 'root.pem');
    const [, issuing = ''] = readFileSync(await copy('provider', 'server.pem'), 'utf8').split(
      /(?<=-END CERTIFICATE-+\n)/,
    );
    writeFileSync(join(directory, 'provider', 'issuing.pem'), issuing);
    const webClient = { clientId: 'web', clientSecret: await addWebClient(project) };
    return new ComposeStack(directory, { urls: URLS, mtlsUrls: MTLS_URLS, pki: { root, services }, webClient });
  }

  /**
   * Runs specs in a process that trusts the root of the demo, and finds its names.
   *
   * @param project the compose project that runs at the moment.
   * @param specs paths in `e2e/src`, without their ending.
   */
  async run(project: ComposeProject, specs: readonly string[]): Promise<SpecResults> {
    // Each start writes the demo data again, which names the clients of the demo only.
    await trefoil(project, 'resource-server', 'update', URLS.backend, '--user-client', 'frontend', 'api-docs', 'web');
    const outputFile = join(this.directory, 'results.json');
    const { TEST_RUN_OWNER: _owner, TEST_RESULT_FILE: _file, ...environment } = process.env;
    const STACK = JSON.stringify(this.stack);
    const env = { ...environment, STACK, NODE_EXTRA_CA_CERTS: join(this.directory, 'provider', 'root.pem') };
    const output = await new Promise<string>((resolve) =>
      execFile(
        process.execPath,
        [
          ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--import', names],
          ...['node_modules/jest/bin/jest.js', '--selectProjects', 'e2e', '--runInBand', '--json'],
          ...[`--outputFile=${outputFile}`, ...specs.map((spec) => `e2e/src/${spec}`)],
        ],
        { cwd: checkout, env, maxBuffer: Infinity },
        (_error, out, errors) => resolve(out + errors),
      ),
    );
    const results = readResults(outputFile);
    if (!results) throw new Error(`The specs did not run:\n${output}`);
    return {
      passed: results.numPassedTests,
      failures: results.testResults.filter(({ status }) => status !== 'passed').map(({ message }) => message),
    };
  }
}

interface JestResults {
  readonly numPassedTests: number;
  readonly testResults: readonly { readonly status: string; readonly message: string }[];
}

function readResults(file: string): JestResults | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestResults;
  } catch {
    return undefined;
  }
}

/** Registers a client that may do what the frontend may. Returns its secret. */
async function addWebClient(project: ComposeProject): Promise<string> {
  const grants = ['--grant-type', 'authorization_code', 'refresh_token', '--redirect-uri', `${URLS.frontend}/callback`];
  const client = ['--id', 'web', '--name', 'Web', '--scope', WEB_SCOPES, ...grants];
  const created = await trefoil(project, 'client', 'create', ...client, '--json');
  return (JSON.parse(created) as { client_secret: string }).client_secret;
}

/** Runs a command of the administration. */
const trefoil = (project: ComposeProject, ...args: string[]): Promise<string> =>
  project.succeed('exec', '-T', 'provider', 'node', 'apps/provider/dist/trefoil.js', ...args);
