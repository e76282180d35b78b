import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { IdempotencyModule } from './idempotency.module.js';
import { type Answer, IdempotentRequests } from './idempotent-requests.js';
import { StoredAnswer } from './stored-answer.entity.js';
import { expiredAnswersTask, storedAnswersSchema } from './stored-answers.js';

let app: INestApplicationContext;
let dataSource: DataSource;
let requests: IdempotentRequests;

beforeAll(async () => {
  const database = dataSourceOptions(await testDatabase(), { entities: [StoredAnswer], migrations: [] });

  @Module({ imports: [TypeOrmModule.forRoot(database), IdempotencyModule] })
  class App {}

  app = await NestFactory.createApplicationContext(App, { logger: false });
  dataSource = app.get(DataSource);
  requests = app.get(IdempotentRequests);
  // A later migration may run the schema again.
  await dataSource.query(storedAnswersSchema);
  await dataSource.query(storedAnswersSchema);
});
afterAll(() => app.close());

/** Counts how often the work ran; every run has another answer. */
function countedWork() {
  let runs = 0;
  const work = (_manager: EntityManager): Promise<Answer> => {
    runs += 1;
    return Promise.resolve({ status: 201, headers: { ETag: '"1"' }, body: { run: runs } });
  };
  return { work, runs: () => runs };
}

const request = (key: string | undefined, input: Record<string, unknown> = { amount: 5 }) => ({
  claims: { sub: 'alice', client_id: 'shop' },
  key,
  operation: 'POST /charges',
  input,
});

describe('a request with an Idempotency-Key, in any app', () => {
  it('runs once, and its retry gets the stored answer', async () => {
    const { work, runs } = countedWork();
    const first = await requests.once(request('retried'), work);
    const retry = await requests.once(request('retried'), work);
    expect(runs()).toBe(1);
    expect(first).toEqual({ status: 201, headers: { ETag: '"1"' }, body: { run: 1 } });
    expect(retry).toEqual({ ...first, headers: { ETag: '"1"', 'Idempotency-Replayed': 'true' } });
  });

  it('is refused when the key was used for another request', async () => {
    const { work } = countedWork();
    await requests.once(request('reused'), work);
    await expect(requests.once(request('reused', { amount: 6 }), work)).rejects.toMatchObject({ status: 422 });
  });

  it('stores no answer when the work fails', async () => {
    const { work, runs } = countedWork();
    await expect(requests.once(request('failed'), () => Promise.reject(new Error('no stock')))).rejects.toThrow(
      'no stock',
    );
    await requests.once(request('failed'), work);
    expect(runs()).toBe(1);
  });

  it('runs each time without a key', async () => {
    const { work, runs } = countedWork();
    await requests.once(request(undefined), work);
    await requests.once(request(undefined), work);
    expect(runs()).toBe(2);
  });

  it('leaves nothing behind after its answer has expired', async () => {
    await requests.once(request('old'), countedWork().work);
    await dataSource.query("UPDATE stored_answers SET expires_at = now() - interval '1 second' WHERE key = 'old'");
    expect(await expiredAnswersTask(dataSource).removeBatch(10)).toEqual({ removed: 1, isLast: true });
  });
});
