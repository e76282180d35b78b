import { migrate } from '@trefoil/resource-server';
import { backend } from './resource-server.js';

await migrate(backend);
