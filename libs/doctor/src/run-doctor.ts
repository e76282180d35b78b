import { writeFileSync } from 'node:fs';
import { parseCommandLine, USAGE, UsageError } from './command-line.js';
import { observe, UnreachableIssuerError } from './observations/observe.js';
import { htmlReport } from './report/html-report.js';
import { jsonReport } from './report/json-report.js';
import { findingsIn, judge } from './report/report.js';
import { textReport } from './report/text-report.js';

/** The two outputs of a command. */
export interface Output {
  /** Writes to standard output: the report. */
  write(text: string): void;
  /** Writes to standard error: errors. */
  note(text: string): void;
}

const EXIT_CODES = 'Exit codes: 0 no finding, 1 findings, 2 wrong usage or an issuer that cannot be reached.';

/**
 * Examines an installation and prints a report.
 *
 * @param token an access token with the scope `admin:read`, for the rules about clients.
 * @returns the exit code: 0 without findings, 1 with findings, 2 for wrong usage or an issuer that cannot be reached.
 */
export async function runDoctor(args: readonly string[], output: Output, token?: string): Promise<number> {
  try {
    const { target, ca, json, report: file, help } = parseCommandLine(args);
    if (help) {
      output.write(`${USAGE}\n${EXIT_CODES}\nMore: docs/doctor.md\n`);
      return 0;
    }
    const report = judge(await observe(target, ca, token));
    if (file !== undefined) writeReport(file, htmlReport(report));
    output.write(json ? jsonReport(report) : textReport(report));
    return findingsIn(report).length > 0 ? 1 : 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    if (!isUsage && !(error instanceof UnreachableIssuerError)) throw error;
    if (args.includes('--json')) {
      output.note(`${JSON.stringify({ error: isUsage ? 'usage' : 'unreachable', message: error.message })}\n`);
    } else {
      output.note(isUsage ? `${error.message}\n\n${USAGE}\n` : `${error.message}\n`);
    }
    return 2;
  }
}

function writeReport(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new UsageError(`The report cannot be written to ${file}: ${(error as Error).message}`, { cause: error });
  }
}
