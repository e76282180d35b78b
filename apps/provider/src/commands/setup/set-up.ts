import { CONFIG, type ProviderConfig } from '../../config.js';
import type { ExistingInstallation } from '../../setup/existing-data.js';
import { type ClientApp, Setup, type SetupRequest } from '../../setup/setup.js';
import { command, yesOption } from '../command-shape.js';
import type { Answer, CommandTools } from '../command-tools.js';
import { namingOptions } from '../refused-options.js';
import { textList } from '../text-table.js';
import { appEnvironments, type AppEnvironment, environmentFile } from './app-environments.js';
import { readCertificateSubject } from './certificate-subject-option.js';
import {
  clientSecretFile,
  ClientSecretFiles,
  GeneratedClientSecrets,
  readClientSecret,
} from './client-secret-files.js';
import { firstAdministrator } from './first-administrator.js';

/** Builds the command `setup`. */
export const setUp = ({ act, confirm, terminal }: CommandTools) =>
  command('setup', 'Create what an installation needs in an empty, migrated database; later runs change nothing', [
    'setup --frontend-url https://app.example.com --backend-url https://api.example.com',
    'setup --frontend-url https://app.example.com --backend-url https://api.example.com \\\n' +
      '    --admin-email ada@example.com --admin-password-file /run/secrets/admin-password --secrets-dir /etc/trefoil/secrets',
    'setup --frontend-url https://app.example.com --backend-url https://api.example.com \\\n' +
      '    --frontend-certificate dns:frontend --backend-certificate dns:backend',
  ])
    .requiredOption('--frontend-url <url>', 'URL at which browsers reach the frontend')
    .requiredOption('--backend-url <url>', 'URL at which clients reach the backend')
    .option('--admin-email <email>', 'e-mail address of the first administrator; asked for when missing')
    .option('--admin-password-file <file>', 'file with the password of the first administrator')
    .option('--admin-password-stdin', 'read the password of the first administrator from standard input')
    .option(
      '--secrets-dir <directory>',
      'keep the client secrets in <directory>/<app>/client-secret, not in the output',
    )
    .option(
      '--frontend-certificate <subject>',
      'the frontend authenticates with a certificate, not with a secret; its subject, such as dns:frontend, uri:spiffe://example/frontend or dn:CN=frontend',
    )
    .option('--backend-certificate <subject>', 'the backend authenticates with a certificate, in the same way')
    .addOption(yesOption())
    .action(async (options) => {
      await act(
        options,
        async ({ get, origin }) => {
          const config: Pick<ProviderConfig, 'ISSUER' | 'NODE_ENV' | 'MTLS_URL'> = get(CONFIG);
          const certificates = certificatesOf(options);
          const urls = { issuer: config.ISSUER, frontend: options.frontendUrl, backend: options.backendUrl };
          const setup = get(Setup);
          const existing = await namingOptions(OPTIONS, () => setup.find(urls));
          const { secretsDir: directory } = options;
          if (existing) return describeExisting(setup, existing, directory);
          const administrator = await firstAdministrator(options, terminal);
          // A script has said everything by its options. A person may have started the command in the wrong place.
          if (terminal.isInteractive) await confirm(`Set up ${urls.issuer} in this database?`, options);
          const generated = new GeneratedClientSecrets();
          const clientSecrets = directory === undefined ? generated : new ClientSecretFiles(directory);
          const request = { urls, administrator, clientSecrets, certificates };
          const result = await namingOptions(OPTIONS, () => setup.run(request, origin));
          if (!result.isNew) return describeExisting(setup, result.installation, directory);
          const place = directory === undefined ? { secrets: generated.generated } : { directory };
          const environments = appEnvironments(urls, config, { place, certificates });
          return describeNew(result.installation, environments, certificates);
        },
        'setup',
      );
    });

/** The options that set the values which the setup may refuse. */
const OPTIONS = {
  frontend_url: '--frontend-url',
  backend_url: '--backend-url',
  secrets_dir: '--secrets-dir',
  password: 'the password of the administrator',
};

/** Returns the subjects of the certificates that the options name. */
function certificatesOf(options: {
  frontendCertificate?: string | undefined;
  backendCertificate?: string | undefined;
}): NonNullable<SetupRequest['certificates']> {
  const { frontendCertificate: frontend, backendCertificate: backend } = options;
  return {
    ...(frontend !== undefined && { frontend: readCertificateSubject(frontend, '--frontend-certificate') }),
    ...(backend !== undefined && { backend: readCertificateSubject(backend, '--backend-certificate') }),
  };
}

/** Describes an installation that exists, and names the secret files with which its apps could not authenticate. */
async function describeExisting(
  setup: Setup,
  installation: ExistingInstallation,
  directory: string | undefined,
): Promise<Answer> {
  const outdated: string[] = [];
  for (const app of directory === undefined ? [] : (['frontend', 'backend'] as const)) {
    if (!(await setup.needsSecret(app))) continue;
    const file = clientSecretFile(directory ?? '', app);
    const secret = readClientSecret(file);
    if (secret === undefined || !(await setup.acceptsSecret(app, secret))) outdated.push(file);
  }
  const { json, text } = describe(installation);
  const problems = outdated.map(
    (file) => `\n${file} has no valid client secret. Create one with secret rotate, and write it to the file.`,
  );
  const head = `The installation of ${installation.issuer} exists, and nothing was changed:\n`;
  return {
    json: { changed: false, ...json, ...(outdated.length > 0 && { outdated_secret_files: outdated }) },
    text: [head, text, ...problems].join('\n'),
  };
}

/** Describes an installation that was created, with what its apps need. */
function describeNew(
  installation: ExistingInstallation,
  environments: Readonly<Record<ClientApp, AppEnvironment>>,
  certificates: NonNullable<SetupRequest['certificates']>,
): Answer {
  const { json, text } = describe(installation);
  const files = Object.entries(environments).map(
    ([app, environment]) =>
      `\nThe environment of the ${app}. Add ${missingVariables(app as ClientApp, certificates)}:\n\n${environmentFile(environment)}`,
  );
  const isShownOnce = Object.values(environments).some((each) => 'CLIENT_SECRET' in each);
  const advice = '\nStore the secrets now. Only their hashes are kept, so they cannot be shown again.';
  const head = `The installation of ${installation.issuer} was created:\n`;
  return {
    json: { changed: true, ...json, environments },
    text: [head, text, ...files, ...(isShownOnce ? [advice] : [])].join('\n'),
  };
}

/** Returns the names of the variables of an app that the setup does not know. */
function missingVariables(app: ClientApp, { [app]: certificate }: NonNullable<SetupRequest['certificates']>): string {
  if (!certificate) return 'PORT and DATABASE_URL';
  const own = app === 'backend' ? 'MTLS_PORT and CLIENT_CA_PATH' : 'BACKEND_MTLS_URL';
  return `PORT, DATABASE_URL, CLIENT_CERTIFICATE_PATH, CLIENT_KEY_PATH, ${own}`;
}

const describe = ({ issuer, resourceServers, clients, administrators, signingKeys }: ExistingInstallation) => ({
  json: {
    issuer,
    resource_servers: resourceServers,
    clients,
    administrators,
    signing_keys: signingKeys,
  },
  text: textList({
    'resource servers': resourceServers.join(', '),
    clients: clients.join(', '),
    administrators: administrators.join(', '),
    'signing keys': String(signingKeys),
  }),
});
