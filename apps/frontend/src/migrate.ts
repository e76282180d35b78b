import { migrate } from '@trefoil/web-server';
import { frontend } from './web-server.js';

await migrate(frontend);
