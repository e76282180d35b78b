// @ts-check
// Examines a running installation from outside: <issuer> and its options.
import { existsSync } from 'node:fs';
import { prepare } from './prepare.mjs';

const doctor = new URL('../libs/doctor/dist/index.js', import.meta.url);

// Standard output is the report, so an installation that is compiled is not compiled again.
if (!existsSync(doctor)) prepare('libs/doctor');

/** @type {typeof import('../libs/doctor/src/index.js')} */
const { runDoctor } = await import(doctor.href);
const output = {
  write: (/** @type {string} */ text) => void process.stdout.write(text),
  note: (/** @type {string} */ text) => void process.stderr.write(text),
};
process.exitCode = await runDoctor(process.argv.slice(2), output, process.env.DOCTOR_TOKEN);
