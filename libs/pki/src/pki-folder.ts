import { SubjectAlternativeNameExtension, type X509Certificate } from './x509.js';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Authority } from './authority.js';
import { firstCertificate, type KeyPair } from './certificate.js';

const DAY = 24 * 3600 * 1000;
/** Certificates are replaced when they have less time left. */
const RENEW_DAYS = 30;

/** A service that needs certificates. */
export interface Service {
  /** The name of its folder and of its certificates. */
  readonly name: string;
  /** The DNS names and IP addresses at which it is reached. */
  readonly hosts: readonly string[];
}

/** The paths of a certificate and of its key, both PEM. */
export interface KeyPairPaths {
  readonly certificate: string;
  readonly key: string;
}

/** The certificates of a service. */
export interface ServicePaths {
  readonly server: KeyPairPaths;
  readonly client: KeyPairPaths;
}

/** The files of a public key infrastructure. */
export interface Pki {
  /** The path of the certificate of the root, which is the one that others trust. */
  readonly root: string;
  /** The path of the certificates of both authorities, root and issuing one, by which client certificates are checked. */
  readonly authorities: string;
  readonly services: Readonly<Record<string, ServicePaths>>;
  /** The files that this call has written, because they were missing, about to expire, or no longer right. */
  readonly written: readonly string[];
}

/**
 * Creates the certificates that a folder lacks: a root, an issuing authority, and for each service a server and a client
 * certificate. Replaces those that expire within 30 days, whose issuer was replaced, or whose hosts have changed.
 */
export async function ensurePki(folder: string, services: readonly Service[]): Promise<Pki> {
  const files = new PkiFolder(folder);
  const root = await files.authority('root', () => Authority.createRoot('Trefoil development root'), '');
  const issuing = await files.authority(
    'issuing',
    () => root.createIssuing('Trefoil development issuing authority'),
    undefined,
    root,
  );
  const paths: Record<string, ServicePaths> = {};
  for (const { name, hosts } of services) {
    paths[name] = {
      server: await files.keyPair(join(name, 'server'), issuing, hosts, () => issuing.issueServer(name, hosts)),
      client: await files.keyPair(join(name, 'client'), issuing, [name], () => issuing.issueClient(name)),
    };
  }
  const authorities = files.bundle('authorities', [root, issuing]);
  return { root: join(folder, 'root.pem'), authorities, services: paths, written: files.written };
}

class PkiFolder {
  readonly written: string[] = [];

  constructor(private readonly folder: string) {}

  async authority(
    name: string,
    create: () => Promise<Authority>,
    chain: string | undefined,
    issuer?: Authority,
  ): Promise<Authority> {
    const known = this.read(name);
    if (known && !isDue(firstCertificate(known.certificate)) && (!issuer || (await isIssuedBy(known, issuer)))) {
      return new Authority(known, chain);
    }
    const created = await create();
    this.write(name, created.pair);
    return created;
  }

  async keyPair(
    name: string,
    issuer: Authority,
    hosts: readonly string[],
    create: () => Promise<KeyPair>,
  ): Promise<KeyPairPaths> {
    const known = this.read(name);
    const certificate = known && firstCertificate(known.certificate);
    const isRight =
      certificate && !isDue(certificate) && hasHosts(certificate, hosts) && (await isIssuedBy(known, issuer));
    if (!isRight) this.write(name, await create());
    return this.paths(name);
  }

  /** Writes the certificates of authorities to one file, and returns its path. */
  bundle(name: string, authorities: readonly Authority[]): string {
    const { certificate: path } = this.paths(name);
    const content = authorities.map(({ pair }) => pair.certificate).join('');
    if (!existsSync(path) || readFileSync(path, 'utf8') !== content) {
      replaceFile(path, content, 0o644);
      this.written.push(path);
    }
    return path;
  }

  private paths = (name: string): KeyPairPaths => ({
    certificate: join(this.folder, `${name}.pem`),
    key: join(this.folder, `${name}.key`),
  });

  private read(name: string): KeyPair | undefined {
    const { certificate, key } = this.paths(name);
    if (!existsSync(certificate) || !existsSync(key)) return undefined;
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  }

  private write(name: string, { certificate, key }: KeyPair): void {
    const paths = this.paths(name);
    mkdirSync(dirname(paths.key), { recursive: true, mode: 0o700 });
    replaceFile(paths.key, key, 0o600);
    replaceFile(paths.certificate, certificate, 0o644);
    this.written.push(paths.certificate);
  }
}

/** Replaces a file in one step, so that a server that reloads it never reads half of it. */
function replaceFile(path: string, content: string, mode: number): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}

const isDue = ({ notAfter }: X509Certificate): boolean => notAfter.getTime() - Date.now() < RENEW_DAYS * DAY;

const isIssuedBy = ({ certificate }: KeyPair, { pair }: Authority): Promise<boolean> =>
  firstCertificate(certificate).verify({ publicKey: firstCertificate(pair.certificate), signatureOnly: true });

function hasHosts(certificate: X509Certificate, hosts: readonly string[]): boolean {
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items.map(({ value }) => value) ?? [];
  return names.length === hosts.length && hosts.every((host) => names.includes(host));
}
