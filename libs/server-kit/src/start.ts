import type { z } from 'zod';
import { ConfigurationError, loadConfiguration } from './configuration/configuration.js';
import type { ServerConfiguration } from './configuration/server-variables.js';
import { createServer, type ServerDefinition } from './server.js';

/**
 * Reads the configuration of a server from the environment and starts it. On failure the process prints the reason and ends
 * with exit code 1.
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

/** Runs the main function of a command. If it throws, the process prints the message and ends with exit code 1. */
export async function runOrExit(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const message = error instanceof ConfigurationError ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
}
