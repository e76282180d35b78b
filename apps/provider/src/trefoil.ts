import { runTrefoil } from './commands/run-trefoil.js';
import { processTerminal } from './commands/terminal.js';

process.exitCode = await runTrefoil(process.argv.slice(2), processTerminal(), async () => process.env);
