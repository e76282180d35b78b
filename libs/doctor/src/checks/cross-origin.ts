import type { Check, Problem } from '../check.js';
import { FOREIGN_ORIGIN } from '../observations/endpoints.js';
import { type Answer, isAnswer } from '../observations/visitor.js';

/** Checks that no endpoint lets pages of foreign origins use the cookies of a user. */
export const crossOrigin: Check = {
  rule: 'cross-origin',
  group: 'Endpoints',
  title: 'No endpoint accepts requests with credentials from every origin, and /authorize none at all',
  source: 'RFC 9700 §2.6; Fetch Standard, CORS protocol and credentials',
  severity: 'high',
  why: 'Every site that a user visits could call the endpoint with the session of the user and read the response.',
  fix: 'Send Access-Control-Allow-Origin: * without Access-Control-Allow-Credentials at the endpoints that clients in browsers call, and no CORS header elsewhere.',
  judge({ endpoints, unknownClient }) {
    const answered = [
      ...endpoints.map(({ name, visit }) => ({ name, visit })),
      ...unknownClient.slice(0, 1).map((visit) => ({ name: 'authorization_endpoint', visit })),
    ].flatMap(({ name, visit }) => (isAnswer(visit) ? [{ name, answer: visit }] : []));
    if (answered.length === 0) return { skipped: 'No endpoint answered.' };
    return {
      problems: answered.flatMap(({ name, answer }) => problemOf(name, answer)),
      evidence: answered
        .map(({ name, answer }) => `${name}: ${answer.headers['access-control-allow-origin'] ?? 'none'}`)
        .join('; '),
    };
  },
};

function problemOf(name: string, { headers }: Answer): Problem[] {
  const origin = headers['access-control-allow-origin'];
  const credentials = headers['access-control-allow-credentials'];
  const evidence = `Origin: ${FOREIGN_ORIGIN} gets Access-Control-Allow-Origin: ${origin ?? 'none'}, Access-Control-Allow-Credentials: ${credentials ?? 'none'}`;
  const isForeign = origin === '*' || origin === FOREIGN_ORIGIN;
  if (isForeign && credentials === 'true') {
    return [{ what: `${name} allows requests with credentials from every origin.`, evidence }];
  }
  if (isForeign && name === 'authorization_endpoint') {
    return [
      { what: 'The authorization endpoint allows requests of pages of other origins.', evidence, severity: 'medium' },
    ];
  }
  return [];
}
