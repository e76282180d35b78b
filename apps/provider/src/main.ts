import { startServer } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { providerServer } from './server.js';

await startServer(configSchema, providerServer);
