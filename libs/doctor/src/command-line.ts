import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import type { Target } from './observations/observe.js';

export const USAGE =
  'Usage: npm run doctor -- <issuer> [--frontend URL] [--backend URL] [--ca file] [--json] [--report file.html]';

/** The arguments of the command. */
export interface DoctorCommand {
  readonly target: Target;
  /** The PEM certificates of the trusted authorities. */
  readonly ca: readonly string[];
  /** Whether to print JSON. */
  readonly json: boolean;
  /** The file for the HTML report. */
  readonly report: string | undefined;
  readonly help: boolean;
}

/** Reports that the arguments cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const options = {
  frontend: { type: 'string' },
  backend: { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean', default: false },
  report: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the arguments after `npm run doctor --`. @throws UsageError if they cannot be used. */
export function parseCommandLine(args: readonly string[]): DoctorCommand {
  const { values, positionals } = parse(args);
  const { frontend, backend, ca, json, report, help } = values;
  const [issuer, ...others] = positionals;
  if (help) return { target: { issuer: '' }, ca: [], json, report, help };
  if (issuer === undefined)
    throw new UsageError('The issuer is missing. Give its URL, such as https://auth.example.com.');
  if (others.length > 0) throw new UsageError(`"${others[0] ?? ''}" is one argument too many. Give one issuer.`);
  return {
    target: {
      issuer: httpUrl('The issuer', issuer),
      ...(frontend !== undefined && { frontend: httpUrl('--frontend', frontend) }),
      ...(backend !== undefined && { backend: httpUrl('--backend', backend) }),
    },
    ca: [...rootCertificates, ...authoritiesIn(process.env.NODE_EXTRA_CA_CERTS), ...authoritiesIn(ca)],
    json,
    report,
    help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function httpUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${name} is "${text}". It must be an http or https URL without a query.`);
  }
  return text;
}

function authoritiesIn(file: string | undefined): string[] {
  if (!file) return [];
  try {
    const content = readFileSync(file, 'utf8');
    if (content.includes('-----BEGIN CERTIFICATE-----')) return [content];
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  throw new UsageError(`${file} contains no certificate. It must be a PEM file with the certificates of authorities.`);
}
