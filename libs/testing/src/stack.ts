import type { DatabaseUrls, PerApp } from '@trefoil/local-stack';

interface TestStack {
  urls: PerApp<string>;
  databaseUrls: DatabaseUrls;
}

/** Where the three servers are that run for the end-to-end tests. */
export function stackUrls(): PerApp<string> {
  return testStack().urls;
}

/** The databases of those servers, to look at what a test cannot see otherwise. */
export function stackDatabaseUrls(): DatabaseUrls {
  return testStack().databaseUrls;
}

function testStack(): TestStack {
  const { STACK, STACK_FAILURE } = process.env;
  if (STACK) return JSON.parse(STACK) as TestStack;
  throw new Error(STACK_FAILURE ?? 'No servers for this test: only the specs in e2e get them');
}
