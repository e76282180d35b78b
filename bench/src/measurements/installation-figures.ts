import { Client } from 'pg';
import { clientCredentials } from '../cases/client-credentials.js';
import { refresh } from '../cases/refresh.js';
import type { Case, Contender } from '../cases/case.js';
import { runLoad } from '../load/load.js';
import type { Cores } from '../measure/affinity.js';
import { residentBytes } from '../measure/processes.js';
import type { Installation } from '../servers/installation.js';
import { measureVerification, type VerificationFigures } from './verification.js';

/** Figures of an installation that have no counterpart at the peer. */
export interface InstallationFigures {
  /** Milliseconds. */
  readonly startUp: number;
  readonly memory: readonly { readonly when: string; readonly bytes: number }[];
  readonly flatness: readonly { readonly connections: number; readonly rate: number; readonly p99: number }[];
  readonly growth: readonly { readonly grants: number; readonly rate: number; readonly p99: number }[];
  readonly rowBytes: number;
  readonly verification: VerificationFigures;
}

const CONNECTIONS = [16, 64, 256];
const VERIFIED_TOKENS = 5000;

/** Measures start-up, memory, the effect of many connections, and of a table of a thousand to a million grants. */
export async function measureInstallation(
  installation: Installation,
  { seconds, sizes, cores }: { seconds: number; sizes: readonly number[]; cores: Cores },
): Promise<InstallationFigures> {
  // A process starts on the core of the process that starts it.
  cores.asServer();
  const started = performance.now();
  await installation.stack.restart('provider');
  cores.asLoad();
  const startUp = performance.now() - started;
  const memory = [{ when: 'at rest', bytes: memoryOf(installation) }];
  const machine = await trefoilIn(clientCredentials, installation);
  const flatness = [];
  for (const connections of CONNECTIONS) {
    const { rate, p99 } = await runLoad(machine.load, { connections, seconds, processes: machine.processes });
    flatness.push({ connections, rate, p99 });
  }
  memory.push({ when: 'under load', bytes: memoryOf(installation) });
  const growth = [];
  const database = new Client({ connectionString: installation.stack.databaseUrls.provider });
  await database.connect();
  try {
    const user = await trefoilIn(refresh, installation);
    for (const grants of sizes) {
      await fillGrants(database, grants);
      const { rate, p99 } = await runLoad(user.load, { connections: 32, seconds, processes: user.processes });
      growth.push({ grants, rate, p99 });
    }
    const { rows } = await database.query<{ bytes: number }>(
      `SELECT pg_total_relation_size('grants')::float8 / greatest(count(*), 1) AS bytes FROM grants`,
    );
    const verification = await measureVerification(VERIFIED_TOKENS);
    return { startUp, memory, flatness, growth, rowBytes: rows[0]?.bytes ?? NaN, verification };
  } finally {
    await database.end();
  }
}

async function trefoilIn({ contenders }: Case, installation: Installation): Promise<Contender> {
  const found = (await contenders(installation)).find(({ role }) => role === 'trefoil');
  if (!found) throw new Error('Trefoil takes part in every case.');
  return found;
}

const memoryOf = ({ pidOf }: Installation): number => residentBytes(pidOf('provider')) ?? NaN;

/** Copies a grant, without the statement timeout of a server, until the table has a number of rows. */
async function fillGrants(database: Client, size: number): Promise<void> {
  await database.query(
    `INSERT INTO grants (id, secret, client_id, user_id, session_id, scopes, resources, redirect_uri, code_challenge,
       nonce, authenticated_at, amr, code_expires_at, code_redeemed_at, refresh_generation, refreshed_at, expires_at)
     SELECT gen_random_uuid(), secret, client_id, user_id, session_id, scopes, resources, redirect_uri, code_challenge,
       nonce, authenticated_at, amr, code_expires_at, code_redeemed_at, 1, now(), expires_at
     FROM (SELECT * FROM grants LIMIT 1) AS sample,
       generate_series(1, greatest(0, $1 - (SELECT count(*) FROM grants)))`,
    [size],
  );
  await database.query('ANALYZE grants');
}
