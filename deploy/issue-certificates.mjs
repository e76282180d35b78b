// @ts-check
// Creates or renews the certificates of one installation, and puts them beside the secrets of each server:
//   node deploy/issue-certificates.mjs <directory of the secrets> <directory of the authorities>
// Each server gets the root, its server certificate and, if it presents one, its client certificate. Renewed files are used
// without a restart. Run it once a month: certificates are valid for 90 days, and are renewed in their last 30.
import { chmodSync, copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { readAppRegistry } from '../libs/app-registry/dist/index.js';
import { ensurePki } from '../libs/pki/dist/index.js';

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
  mkdirSync(folder, { recursive: true });
  publish(pki.root, `${folder}/root.pem`);
  for (const kind of presents ? /** @type {const} */ (['server', 'client']) : /** @type {const} */ (['server'])) {
    publish(paths[kind].key, `${folder}/${kind}.key`);
    publish(paths[kind].certificate, `${folder}/${kind}.pem`);
  }
}
if (pki.written.length > 0) process.stdout.write(`wrote ${pki.written.join('\nwrote ')}\n`);

/** Replaces a file in one step, so that a server never reads half of it. @param {string} from @param {string} to */
function publish(from, to) {
  copyFileSync(from, `${to}.new`);
  // The volume is mounted only where the key is needed, by users of other ids.
  chmodSync(`${to}.new`, 0o444);
  renameSync(`${to}.new`, to);
}
