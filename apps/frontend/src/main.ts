import { startServer } from '@trefoil/server-kit';
import { configSchema } from './config.js';
import { frontendServer } from './server.js';

await startServer(configSchema, frontendServer);
