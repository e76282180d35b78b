import { startServer } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { backendServer } from './server.js';

await startServer(configSchema, backendServer);
