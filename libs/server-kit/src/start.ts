import type { z } from 'zod';
import { ConfigurationError, loadConfiguration } from './configuration/configuration.js';
import type { ServerConfiguration } from './configuration/server-variables.js';
import { createServer, type ServerDefinition } from './server.js';

/**
 * Starts a server from its environment variables and listens; the process ends with code 1 when that is not possible.
 */
export async function startServer<S extends z.ZodObject>(
  schema: S,
  define: (configuration: Readonly<z.output<S>> & ServerConfiguration) => ServerDefinition,
): Promise<void> {
  await runOrExit(async () => {
    const configuration = loadConfiguration(schema) as Readonly<z.output<S>> & ServerConfiguration;
    const app = await createServer(define(configuration), configuration);
    await app.listen(configuration.PORT, configuration.HOST);
  });
}

/** Runs the main function of a command; an error is one plain message and exit code 1. */
export async function runOrExit(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const message = error instanceof ConfigurationError ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
}
