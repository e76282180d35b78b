import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfiguration } from '@trefoil/server-kit';
import { userInfo } from 'node:os';
import { configSchema } from '../config.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { InstallationModule } from './installation.module.js';

/** The provider as commands use it: its records, without a running server. */
export interface Installation extends Pick<INestApplicationContext, 'get'> {
  /** The operator, as security events record them. */
  readonly origin: RequestOrigin;
  close(): Promise<void>;
}

/** The variables of the provider without those that only a listening server needs. */
const commandSchema = configSchema.omit({ HOST: true, PORT: true });

/**
 * Connects to the installation that the environment variables of the provider describe.
 *
 * @throws ConfigurationError that names every missing or malformed variable.
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

/** Returns the operating system's name of the user, or the user id: a user of a container may have no name. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
