import type { Check } from '../check.js';
import { described, isAnswer } from '../observations/visitor.js';

/** The traces of programs in Node, Python, Java, .NET, PHP, Ruby and Go, and messages of databases. */
const TRACES = [
  /^\s+at .+[(\s].+:\d+(?::\d+)?\)?\s*$/m,
  /\bat [\w$.]+\([\w.]+\.java:\d+\)/,
  /Traceback \(most recent call last\)/,
  /\bat .+ in .+\.cs:line \d+/,
  /Stack trace:\s*#0/i,
  /\.rb:\d+:in [`']/,
  /goroutine \d+ \[running\]/,
  /\/node_modules\//,
  /\bSQLSTATE\b|syntax error at or near/,
];

/** Checks that error responses contain nothing of the inside of a server. */
export const errorTexts: Check = {
  rule: 'error-texts',
  group: 'Endpoints',
  title: 'Error responses contain no stack trace and no message of a database',
  source: 'CWE-209, RFC 6749 §5.2',
  severity: 'medium',
  why: 'Stack traces show an attacker which software, versions, paths and queries to attack.',
  fix: 'Answer with a general text and an id, and write the details to the log. In production, turn the debug mode off.',
  judge({ visits }) {
    const errors = visits.filter(isAnswer).filter(({ status }) => status >= 400);
    return {
      problems: errors.flatMap((answer) => {
        const trace = TRACES.map((pattern) => pattern.exec(answer.body)?.[0].trim()).find(Boolean);
        const what = 'An error response contains the inside of the server.';
        return trace === undefined ? [] : [{ what, evidence: `${described(answer)}: ${trace.slice(0, 200)}` }];
      }),
      evidence: `${errors.length} error responses`,
    };
  },
};
