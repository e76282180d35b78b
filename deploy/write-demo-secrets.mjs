// @ts-check
// Writes the client secrets of the demo, which everybody knows: <directory>. A production installation never runs this.
import { writeSecret } from './write-secret.mjs';

const [root = '/secrets'] = process.argv.slice(2);
for (const app of ['backend', 'frontend']) writeSecret(`${root}/${app}/client-secret`, `${app}-demo-secret`);
