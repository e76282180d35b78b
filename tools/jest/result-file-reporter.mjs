// @ts-check
import { writeFileSync } from 'node:fs';

/** Writes the counts of a run to the file named in `TEST_RESULT_FILE`. A suite that could not run counts as one failure. */
export default class ResultFileReporter {
  /** @param {unknown} _contexts @param {import('@jest/reporters').AggregatedResult} results */
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_RESULT_FILE;
    if (!file) return;
    writeFileSync(
      file,
      JSON.stringify({
        passed: results.numPassedTests,
        failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
        skipped: results.numPendingTests + results.numTodoTests,
      }),
    );
  }
}
