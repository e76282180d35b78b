import { resourceServerDatabase } from '@trefoil/resource-server';
import { loadConfiguration, runMigrations, startServer } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { payments } from './payments.js';
import { paymentsServer } from './server.js';

// An installation runs migrations as a step of its own. The example needs one command instead of two.
await runMigrations(resourceServerDatabase(payments, loadConfiguration(configSchema)));
await startServer(configSchema, paymentsServer);
