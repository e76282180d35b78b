import { z } from 'zod';
import { namingVariables } from '../tls/served-certificate.js';
import { PresentedCertificate } from '../tls/presented-certificate.js';
import { readTlsFile, TlsFileError } from '../tls/reloaded-files.js';

/** The environment variables with which a server authenticates as a client of the provider. */
export const clientVariables = {
  CLIENT_ID: z.string().describe('Client id of the server at the provider'),
  CLIENT_CERTIFICATE_PATH: z
    .string()
    .optional()
    .describe(
      'Path of the certificate chain, PEM, with which the server authenticates at the provider and calls other servers (RFC 8705). A changed file is used within 10 s',
    ),
  CLIENT_KEY_PATH: z.string().optional().describe('Path of the private key of `CLIENT_CERTIFICATE_PATH`, PEM'),
  SERVER_CA_PATH: z
    .string()
    .optional()
    .describe(
      'Path of the authorities, PEM, that the server trusts in addition to those of Node where it presents its certificate',
    ),
  CLIENT_ASSERTION_KEY_PATH: z
    .string()
    .optional()
    .describe(
      'Path of a private key, as a JWK with `kid` and `alg`, with which the server authenticates at the provider by `private_key_jwt`, instead of a certificate',
    ),
  CLIENT_SECRET: z
    .string()
    .optional()
    .describe('Client secret of the server at the provider, instead of a certificate or a key'),
};

type ClientConfiguration = z.output<z.ZodObject<typeof clientVariables>>;
type Credentials = Omit<ClientConfiguration, 'CLIENT_ID'>;

/**
 * Adds the rule that a configuration has exactly one kind of client authentication.
 *
 * @param schema a schema with {@link clientVariables}.
 */
export const withClientAuthentication = <S extends z.ZodObject>(schema: S): S =>
  schema.superRefine(
    (given, context) => {
      const [name, message] = problemOf(given) ?? [];
      if (name !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    },
    // Also when other variables are malformed, so that all problems are reported at once.
    { when: () => true },
  );

function problemOf(given: Partial<Credentials>): [keyof Credentials, string] | undefined {
  const { CLIENT_CERTIFICATE_PATH, CLIENT_KEY_PATH } = given;
  const kinds = (['CLIENT_CERTIFICATE_PATH', 'CLIENT_ASSERTION_KEY_PATH', 'CLIENT_SECRET'] as const).filter(
    (name) => given[name] !== undefined,
  );
  const [first, second] = kinds;
  if (second !== undefined) return [second, `and ${first} must not both be set. Choose how the server authenticates`];
  if (CLIENT_KEY_PATH !== undefined && CLIENT_CERTIFICATE_PATH === undefined)
    return ['CLIENT_CERTIFICATE_PATH', 'is missing, and CLIENT_KEY_PATH is set'];
  if (CLIENT_CERTIFICATE_PATH !== undefined && CLIENT_KEY_PATH === undefined)
    return ['CLIENT_KEY_PATH', 'is missing, and CLIENT_CERTIFICATE_PATH is set'];
  if (first !== undefined) return undefined;
  return [
    'CLIENT_CERTIFICATE_PATH',
    'is missing. Set it: the path of the client certificate, with CLIENT_KEY_PATH; or set CLIENT_ASSERTION_KEY_PATH or CLIENT_SECRET instead',
  ];
}

/** The private key of a client, as a JWK (RFC 7517 §4). */
export interface ClientAssertionKey extends JsonWebKey {
  readonly kid: string;
  readonly alg: string;
}

/** The credentials of a server as a client of the provider: exactly one member is set. */
export interface ClientCredentials {
  readonly certificate?: PresentedCertificate | undefined;
  readonly privateKey?: ClientAssertionKey | undefined;
  readonly clientSecret?: string | undefined;
}

const AssertionKey = z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), d: z.string() });

/**
 * Reads the credentials that a configuration names.
 *
 * @throws ConfigurationError when a file cannot be used.
 */
export function clientCredentials(configuration: Credentials): ClientCredentials {
  const { CLIENT_CERTIFICATE_PATH: certificate, CLIENT_KEY_PATH: key, CLIENT_SECRET } = configuration;
  if (certificate !== undefined && key !== undefined) {
    const { SERVER_CA_PATH: authorities } = configuration;
    const variables = `CLIENT_CERTIFICATE_PATH, CLIENT_KEY_PATH${authorities === undefined ? '' : ', SERVER_CA_PATH'}`;
    const presented = () => new PresentedCertificate({ certificate, key }, authorities);
    return { certificate: namingVariables(variables, presented) };
  }
  const path = configuration.CLIENT_ASSERTION_KEY_PATH;
  if (path === undefined) return { clientSecret: CLIENT_SECRET };
  return { privateKey: namingVariables('CLIENT_ASSERTION_KEY_PATH', () => readAssertionKey(path)) };
}

function readAssertionKey(path: string): ClientAssertionKey {
  const text = readTlsFile(path);
  try {
    return AssertionKey.parse(JSON.parse(text));
  } catch (cause) {
    throw new TlsFileError(`${path} does not hold a private JWK with kid and alg.`, { cause });
  }
}
