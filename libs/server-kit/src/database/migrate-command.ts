import { z } from 'zod';
import { loadConfiguration } from '../configuration/configuration.js';
import { databaseSessionUrl, databaseVariables } from '../configuration/database-variables.js';
import { runOrExit } from '../start.js';
import type { PostgresOptions } from './data-source-options.js';
import { runMigrations } from './run-migrations.js';

/**
 * Runs the migrations of an app as a command, and prints their number. It needs `DATABASE_URL` and no other variable of the
 * app; `DATABASE_SESSION_URL` replaces it when it is set, because the lock of migrations needs a session of its own.
 *
 * @param app the name of the app.
 * @param optionsOf returns the options of the data source for the URL of the database.
 */
export const migrateCommand = (app: string, optionsOf: (url: string) => PostgresOptions): Promise<void> =>
  runOrExit(async () => {
    const configuration = loadConfiguration(z.object(databaseVariables(app)));
    const count = await runMigrations(optionsOf(databaseSessionUrl(configuration)));
    process.stdout.write(`${app}: ${count} migrations run\n`);
  });
