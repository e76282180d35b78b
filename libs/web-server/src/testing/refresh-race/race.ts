import { Interleaving } from '@trefoil/testing';
import type pg from 'pg';
import type { Encryption } from '../../database/encryption.js';
import { ModelProvider } from './model-provider.js';
import { type Parts, RacedSession } from './raced-session.js';
import type { Race } from './schedules.js';

/** The number of turns of other tasks after which an abandoned lock expires. */
const LOCK_TURNS = 12;

/** The parts that a race runs with. */
export interface RaceSetup {
  readonly pool: pg.Pool;
  readonly encryption: Encryption;
  readonly parts?: Parts;
}

/** Runs the tabs, the disturbances and the end of the session in the picked order, until all of them have finished. */
export async function runRace({ pool, encryption, parts }: RaceSetup, race: Race): Promise<RacedSession> {
  const run = new Interleaving(race.picks);
  const provider = new ModelProvider(run, [...race.fates], [...race.shortLived], race.end !== 'token theft');
  const raced = await RacedSession.begin(pool, provider, encryption, { faults: race.faults, parts });
  const tabs = race.tabs.map((requests, index) =>
    run.start(`tab ${index}`, async () => {
      for (const request of requests) await raced.requestToken(request);
    }),
  );
  const others = [
    ...race.disturbances.map((disturbance) =>
      run.start(disturbance, () => (disturbance === 'lock ends' ? raced.endLock() : letTimePass(raced))),
    ),
    ...(race.end === 'sign-out' ? [run.start('sign-out', () => raced.signOut())] : []),
    ...(race.end === 'token theft' ? [run.start('thief', () => stealToken(raced))] : []),
    // When the statement that releases the lock fails, the lock has to expire.
    ...(race.faults.length > 0 ? [run.start('lock', () => expireLocks(raced, run))] : []),
  ];
  await run.toEnd();
  await Promise.all([...tabs, ...others]);
  await raced.heal();
  return Object.assign(raced, { trace: run.trace });
}

/** Lets time pass, but only when the session has the newest token: background retries are faster than that. */
async function letTimePass(raced: RacedSession): Promise<void> {
  const refreshToken = await raced.refreshToken();
  if (refreshToken === ModelProvider.token(raced.provider.chain.newest)) raced.provider.letTimePass();
}

async function stealToken(raced: RacedSession): Promise<void> {
  raced.thief.copy(await raced.refreshToken());
  await Interleaving.step('uses the copy', async () => raced.thief.use(raced.provider));
}

/** Expires the lock whenever other tasks had their turns, until no other task is left. */
async function expireLocks(raced: RacedSession, run: Interleaving): Promise<void> {
  for (;;) {
    const before = run.trace.length;
    for (let turn = 0; turn < LOCK_TURNS; turn++) await Interleaving.step('time', async () => undefined);
    const isAlone = run.trace.length === before + LOCK_TURNS;
    if (isAlone) return;
    await raced.endLock();
  }
}
