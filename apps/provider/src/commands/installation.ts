import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfiguration } from '@trefoil/server-kit';
import { userInfo } from 'node:os';
import { configSchema } from '../config.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { InstallationModule } from './installation.module.js';

/** The provider as commands see it: its configuration and its model, and nobody needs to serve. */
export interface Installation extends Pick<INestApplicationContext, 'get'> {
  /** Who acts, as security events record it. */
  readonly origin: RequestOrigin;
  close(): Promise<void>;
}

/** The variables of the provider, but for those that only a server needs. */
const commandSchema = configSchema.omit({ HOST: true, PORT: true });

/**
 * Connects to the installation that environment variables describe, as they describe it to the provider.
 *
 * @throws ConfigurationError
 */
export async function openInstallation(environment: NodeJS.ProcessEnv): Promise<Installation> {
  const config = loadConfiguration(commandSchema, environment);
  const context = await NestFactory.createApplicationContext(InstallationModule.with(config), {
    logger: false,
    abortOnError: false,
  });
  return {
    get: context.get.bind(context),
    origin: { actor: `command line (${operatorName()})` },
    close: () => context.close(),
  };
}

/** The name of the user at the operating system; a container's user may have none. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
