import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { databaseSessionUrl, loadConfiguration, requireMigrations } from '@trefoil/server-kit';
import { userInfo } from 'node:os';
import { configSchema } from '../config.js';
import { providerDataSource } from '../database/data-source.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { InstallationModule, type InstallationParts } from './installation.module.js';

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
 * @param parts `records` to work with an installation, `setup` to create one. The latter writes nothing when it opens.
 * @throws ConfigurationError that names every missing or malformed variable.
 * @throws DatabaseNotReadyError when the database lacks migrations of this version.
 */
export async function openInstallation(
  environment: NodeJS.ProcessEnv,
  parts: InstallationParts = 'records',
): Promise<Installation> {
  const loaded = loadConfiguration(commandSchema, environment);
  // A pooler limits the time of its statements, and those of a command may take longer.
  const config = { ...loaded, DATABASE_URL: databaseSessionUrl(loaded) };
  await requireMigrations(providerDataSource(config.DATABASE_URL), 'provider');
  const context = await NestFactory.createApplicationContext(InstallationModule.with(config, parts), {
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
