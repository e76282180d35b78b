import { poolOf } from '@trefoil/server-kit';
import { Interleaving } from '@trefoil/testing';
import type { DataSource, QueryRunner } from 'typeorm';

const STEP = /\bgrants\b/;

/**
 * Makes every SQL statement about grants a step of the interleaving that sends it. A transaction is one step, because
 * its changes become visible when it commits.
 */
export function interleaveStatements(dataSource: DataSource): void {
  const pool = poolOf(dataSource);
  const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<unknown>;
  // The prepared statements of the server do not pass through a query runner of TypeORM.
  const step = (...given: [statement: string | { readonly text: string }, ...unknown[]]): Promise<unknown> => {
    const [statement] = given;
    const text = typeof statement === 'string' ? statement : statement.text;
    const send = () => query(...given);
    return STEP.test(text) ? Interleaving.step(text.trim().slice(0, 60), send) : Interleaving.within(send);
  };
  Object.assign(pool, { query: step });
  const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => interleaved(createQueryRunner(mode));
}

function interleaved(runner: QueryRunner): QueryRunner {
  const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<unknown>;
  const step = (...given: [statement: string, ...unknown[]]): Promise<unknown> => {
    const [statement] = given;
    const begins = statement === 'START TRANSACTION';
    const isStep = begins || (!runner.isTransactionActive && STEP.test(statement));
    const send = () => query(...given);
    return isStep ? Interleaving.step(statement.trim().slice(0, 60), send) : Interleaving.within(send);
  };
  return Object.assign(runner, { query: step });
}
