import type { ServerDefinition } from '@trefoil/server-kit';
import { webServerDefinition } from '@trefoil/web-server';
import { AppModule } from './app.module.js';
import type { FrontendConfig } from './config.js';
import { frontend } from './web-server.js';

/** Defines the frontend as a server. It is ready while the store of its sessions answers, even if provider or backend are down. */
export const frontendServer = (config: FrontendConfig): ServerDefinition =>
  webServerDefinition(frontend, config, AppModule.with(config));
