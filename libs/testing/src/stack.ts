import type { DatabaseUrls, PerApp } from '@trefoil/local-stack';

interface TestStack {
  urls: PerApp<string>;
  databaseUrls: DatabaseUrls;
}

/** Returns the URLs of the three servers that run for the end-to-end tests. */
export function stackUrls(): PerApp<string> {
  return testStack().urls;
}

/** Returns the connection URLs of their databases, for state that no server shows. */
export function stackDatabaseUrls(): DatabaseUrls {
  return testStack().databaseUrls;
}

function testStack(): TestStack {
  const { STACK, STACK_FAILURE } = process.env;
  if (STACK) return JSON.parse(STACK) as TestStack;
  throw new Error(STACK_FAILURE ?? 'This test has no servers. Move it to e2e/src to get them.');
}
