// @ts-check
// Writes the client secrets of the demo, which everybody knows: <directory>. A production installation never runs this.
import { readAppRegistry } from '../libs/app-registry/dist/index.js';
import { writeSecret } from './write-secret.mjs';

const [root = '/secrets'] = process.argv.slice(2);
for (const { name, kind, clientCertificate } of readAppRegistry(`${import.meta.dirname}/..`).apps)
  if (kind !== 'provider' && !clientCertificate) writeSecret(`${root}/${name}/client-secret`, `${name}-demo-secret`);
