import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename, dirname } from 'node:path';

/*
 * Imported first by a server (`node --import`). Records a CPU profile from the signal SIGUSR2 on, and writes it to BENCH_PROFILES
 * when the process exits. Node 20 does not allow `--cpu-prof` in NODE_OPTIONS, and that profile would include the start.
 */
const session = new Session();

process.once('SIGUSR2', () => {
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.once('exit', () => {
    // The session calls back before it returns.
    session.post('Profiler.stop', (error, result) => {
      const { BENCH_PROFILES: folder = '.' } = process.env;
      const app = basename(dirname(dirname(process.argv[1] ?? '')));
      if (!error) writeFileSync(`${folder}/${app}.cpuprofile`, JSON.stringify(result.profile));
    });
  });
});
