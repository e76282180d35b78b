import { Interleaving } from '@trefoil/testing';
import type pg from 'pg';
import type { Sealer } from '../../database/encryption.js';
import { ModelProvider } from './model-provider.js';
import { type Parts, RacedSession } from './raced-session.js';
import type { Race } from './schedules.js';

/** How many turns of everybody else a lock lasts that nobody gives back. */
const PATIENCE = 12;

/** What a race is run with. */
export interface Track {
  readonly pool: pg.Pool;
  readonly sealer: Sealer;
  readonly parts?: Parts;
}

/** Lets the tabs, the nuisances and whoever ends the session run in the order that was picked, until all are done. */
export async function runRace({ pool, sealer, parts }: Track, race: Race): Promise<RacedSession> {
  const run = new Interleaving(race.picks);
  const provider = new ModelProvider(run, [...race.fates], [...race.shortLived], race.end !== 'is robbed');
  const raced = await RacedSession.begin(pool, provider, sealer, { faults: race.faults, parts });
  const tabs = race.tabs.map((wants, index) =>
    run.start(`tab ${index}`, async () => {
      for (const { replica, refused } of wants) await raced.want(replica, refused);
    }),
  );
  const others = [
    ...race.nuisances.map((nuisance) =>
      run.start(nuisance, () => (nuisance === 'lock ends' ? raced.endLock() : passes(raced))),
    ),
    ...(race.end === 'signs out' ? [run.start('sign-out', () => raced.signOut())] : []),
    ...(race.end === 'is robbed' ? [run.start('thief', () => steals(raced))] : []),
    // A lock that nobody gives back, because the statement that should have done it failed, ends by itself.
    ...(race.faults.length > 0 ? [run.start('lock', () => endsByItself(raced, run))] : []),
  ];
  await run.toEnd();
  await Promise.all([...tabs, ...others]);
  await raced.heal();
  return Object.assign(raced, { trace: run.trace });
}

/** Time passes once the session has the newest token: what is repeated by itself has come through by then. */
async function passes(raced: RacedSession): Promise<void> {
  if ((await raced.refreshToken()) === ModelProvider.token(raced.provider.chain.newest)) raced.provider.pass();
}

async function steals(raced: RacedSession): Promise<void> {
  raced.thief.copy(await raced.refreshToken());
  await Interleaving.step('uses the copy', async () => raced.thief.use(raced.provider));
}

async function endsByItself(raced: RacedSession, run: Interleaving): Promise<void> {
  for (;;) {
    const before = run.trace.length;
    for (let turn = 0; turn < PATIENCE; turn++) await Interleaving.step('time', async () => undefined);
    const isAlone = run.trace.length === before + PATIENCE;
    if (isAlone) return;
    await raced.endLock();
  }
}
