import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import { ConfigurationError, loadConfiguration } from './configuration/configuration.js';
import type { ServerConfiguration } from './configuration/server-variables.js';
import { DatabaseNotReadyError } from './database/require-migrations.js';
import { isDatabaseUnavailable } from './errors/database-unavailable.js';
import { describeError } from './observability/serialize-error.js';
import { buildServer, type Server, type ServerDefinition } from './server.js';

/** Seconds that a stopping server may take for its last requests and its background work. */
const LONGEST_SHUTDOWN = 25;

/**
 * Starts a server from its environment variables and listens. The process exits with code 1 when that fails, and with code
 * 0 after SIGTERM or SIGINT, once the last request is answered and the database is closed.
 */
export async function startServer<S extends z.ZodObject>(
  schema: S,
  define: (configuration: Readonly<z.output<S>> & ServerConfiguration) => ServerDefinition,
): Promise<void> {
  await runOrExit(async () => {
    const configuration = loadConfiguration(schema) as Readonly<z.output<S>> & ServerConfiguration;
    const { HOST, PORT, MANAGEMENT_PORT, MTLS_PORT, SHUTDOWN_DELAY } = configuration;
    const definition = define(configuration);
    const newer = await checkDatabase(definition);
    const server = await buildServer(definition, configuration);
    const { log } = server.app.getHttpAdapter().getInstance();
    if (newer.length > 0) log.warn({ migrations: newer }, 'A newer version has migrated the database');
    stopOnSignal(server, SHUTDOWN_DELAY);
    await server.management?.listen({ port: MANAGEMENT_PORT, host: HOST });
    if (MTLS_PORT !== undefined) await server.mutualTls?.listen(MTLS_PORT, HOST);
    await server.app.listen(PORT, HOST);
  });
}

/**
 * Checks that the database fits the server, and returns the names of the migrations of a newer version. When the database
 * does not answer, the server itself decides whether it waits for it.
 */
async function checkDatabase({ checkDatabase: check }: ServerDefinition): Promise<readonly string[]> {
  try {
    return (await check?.()) ?? [];
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return [];
  }
}

/**
 * Stops a server in the order in which no request fails: it reports not to be ready, goes on answering while balancers
 * notice, accepts nothing more, finishes what is under way, and then closes the database.
 *
 * @param delaySeconds how long balancers have to notice.
 */
function stopOnSignal({ app, drain }: Server, delaySeconds: number): void {
  const stop = async () => {
    drain.begin();
    await wait(delaySeconds * 1000);
    setTimeout(() => process.exit(1), LONGEST_SHUTDOWN * 1000).unref();
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // The second signal ends the process at once: its handler is gone, and the default action is left.
    process.once(signal, () => {
      stop().catch((error: unknown) => {
        process.stderr.write(`The server did not stop in order: ${describeError(error)}\n`);
        process.exit(1);
      });
    });
  }
}

/** Runs the main function of a command. If it throws, the process prints the message and ends with exit code 1. */
export async function runOrExit(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isExplained = error instanceof ConfigurationError || error instanceof DatabaseNotReadyError;
    const message = isExplained ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
}
