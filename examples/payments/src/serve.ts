import { resourceServerDatabase } from '@trefoil/resource-server';
import { databaseSessionUrl, loadConfiguration, runMigrations, startServer } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { payments } from './payments.js';
import { paymentsServer } from './server.js';

// An installation runs migrations as a step of its own. The example needs one command instead of two.
const DATABASE_URL = databaseSessionUrl(loadConfiguration(configSchema));
await runMigrations(resourceServerDatabase(payments, { DATABASE_URL }));
await startServer(configSchema, paymentsServer);
