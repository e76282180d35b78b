import { resourceServerDefinition } from '@trefoil/resource-server';
import type { ServerDefinition } from '@trefoil/server-kit';
import { AppModule } from './app.module.js';
import type { BackendConfig } from './config.js';
import { backend } from './resource-server.js';

/** Defines the backend as a server: an API with JSON bodies that is ready when its database answers. */
export const backendServer = (config: BackendConfig): ServerDefinition =>
  resourceServerDefinition(backend, config, AppModule.with(config));
