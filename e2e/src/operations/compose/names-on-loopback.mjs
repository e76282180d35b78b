// @ts-check
// Lets Node find the names of the demo at this machine, as browsers do: node --import.
import dns from 'node:dns';

const NAMES = /^(provider|backend|[a-z]+\.localhost)$/;
const lookup = dns.lookup;

/** @type {(host: string, options: dns.LookupOptions, done: (...answer: never[]) => void) => void} */
const lookupOnLoopback = (host, options, done) => lookup(NAMES.test(host) ? '127.0.0.1' : host, options, done);
dns.lookup = Object.assign(lookupOnLoopback, { __promisify__: lookup.__promisify__ });
