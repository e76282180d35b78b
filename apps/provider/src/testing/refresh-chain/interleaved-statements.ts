import { Interleaving } from '@trefoil/testing';
import type { DataSource, QueryRunner } from 'typeorm';

const STEP = /\bgrants\b/;

/**
 * Makes every statement about grants a step of the interleaving in which it is sent. A transaction is one step: what it
 * does is seen when it is committed.
 */
export function interleaveStatements(dataSource: DataSource): void {
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
