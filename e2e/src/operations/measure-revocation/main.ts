import { startTemporaryStack, type Stack } from '@trefoil/local-stack';
import { type Figures, figuresOf, tableOf } from './figures.js';
import { Load } from './load.js';
import { Sampler } from './sampler.js';

const DEFAULT_SAMPLES = 200;
const TARGET_MILLISECONDS = 1000;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Measures for how long a token is still accepted after the response to its revocation, and prints the statistics. */
export async function measureRevocation(count = DEFAULT_SAMPLES): Promise<void> {
  const started = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => started.abort());
  const stack = await startTemporaryStack({ log: say, signal: started.signal });
  try {
    const rows = await Promise.race([measure(stack, count), stack.crashed, interrupted(started.signal)]);
    say(`\n${tableOf(rows)}\n`);
    const isMet = rows.every(({ p99 }) => p99 < TARGET_MILLISECONDS);
    say(`p99 below ${TARGET_MILLISECONDS} ms: ${isMet ? 'yes' : 'NO'}`);
    if (!isMet) process.exitCode = 1;
  } finally {
    await stack.stop();
  }
}

async function measure(stack: Stack, count: number): Promise<Figures[]> {
  const sampler = await Sampler.start(stack);
  // Warms up connections, caches and compiled code, which would distort the first samples.
  for (let times = 0; times < 10; times++) await sampler.accessToken();
  const idle = await both('idle', sampler, count);
  const token = await sampler.lastingToken();
  const load = new Load(stack.urls, () => sampler.contacts(token));
  const busy = await both('under load', sampler, count);
  say(`The load was ${await load.end()}.`);
  return [...idle, ...busy];
}

async function both(state: string, sampler: Sampler, count: number): Promise<Figures[]> {
  say(`Measuring ${state} …`);
  const tokens = await repeat(count, () => sampler.accessToken());
  const grants = await repeat(count, () => sampler.grant());
  return [figuresOf(`access token, ${state}`, tokens), figuresOf(`refresh token (grant), ${state}`, grants)];
}

async function repeat(count: number, sample: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  while (samples.length < count) samples.push(await sample());
  return samples;
}

const interrupted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true }));
