// @ts-check
// Creates or renews the certificates of one installation, and puts them beside the secrets of each server:
//   node deploy/issue-certificates.mjs <directory of the secrets> <directory of the authorities>
// Each server gets the root, its server certificate and, if it presents one, its client certificate. Renewed files are used
// without a restart. Run it once a month: certificates are valid for 90 days, and are renewed in their last 30.
import { readFileSync } from 'node:fs';
import { readAppRegistry } from '../libs/app-registry/dist/index.js';
import { ensurePki } from '../libs/pki/dist/index.js';
import { replaceSecret } from './write-secret.mjs';

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

const [secrets = '/secrets', authorities = '/pki'] = process.argv.slice(2);
const { apps } = readAppRegistry(`${import.meta.dirname}/..`);
const publicNames = apps.map(({ hostLabel }) => `${hostLabel}.localhost`);
const services = [
  ...apps.map(({ name, hostLabel }) => ({ name, hosts: [name, `${hostLabel}.localhost`, ...LOOPBACK] })),
  { name: 'gateway', hosts: ['gateway', ...publicNames, ...LOOPBACK] },
];
const pki = await ensurePki(authorities, services);

for (const { name } of services) {
  const paths = pki.services[name];
  if (!paths) throw new Error(`${name} has no certificate.`);
  const presents = apps.find((app) => app.name === name)?.clientCertificate ?? false;
  const folder = `${secrets}/${name}/tls`;
  replaceSecret(`${folder}/root.pem`, readFileSync(pki.root, 'utf8'));
  for (const kind of presents ? /** @type {const} */ (['server', 'client']) : /** @type {const} */ (['server'])) {
    replaceSecret(`${folder}/${kind}.key`, readFileSync(paths[kind].key, 'utf8'));
    replaceSecret(`${folder}/${kind}.pem`, readFileSync(paths[kind].certificate, 'utf8'));
  }
}
if (pki.written.length > 0) process.stdout.write(`wrote ${pki.written.join('\nwrote ')}\n`);
