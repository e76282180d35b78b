import type { Check } from '../check.js';
import { type Answer, isAnswer } from '../observations/visitor.js';

const MOST_SECONDS = 60;

/** Checks that the clocks of the servers agree with the clock of this machine. */
export const clock: Check = {
  rule: 'clock',
  group: 'Connections',
  title: `The clock of each server differs from the clock here by at most ${MOST_SECONDS} seconds`,
  source: 'RFC 9110 §6.6.1, RFC 7519 §4.1.4',
  severity: 'high',
  why: 'Tokens, assertions and DPoP proofs are refused as expired or as not valid yet, at times and for some clients only.',
  fix: 'Synchronize the clock of the server with NTP. If several servers are named here, check the clock of this machine first.',
  judge({ visits }) {
    const byOrigin = new Map<string, Answer>();
    for (const visit of visits) {
      if (isAnswer(visit) && !Number.isNaN(Date.parse(visit.headers.date ?? ''))) {
        byOrigin.set(new URL(visit.request.url).origin, visit);
      }
    }
    if (byOrigin.size === 0) return { skipped: 'No response has a Date header.' };
    const differences = [...byOrigin].map(([origin, { headers, receivedAt }]) => ({
      origin,
      seconds: Math.round((Date.parse(headers.date ?? '') - receivedAt.getTime()) / 1000),
      evidence: `Date: ${headers.date ?? ''}, received at ${receivedAt.toUTCString()}`,
    }));
    return {
      problems: differences
        .filter(({ seconds }) => Math.abs(seconds) > MOST_SECONDS)
        .map(({ origin, seconds, evidence }) => ({
          what: `The clock of ${origin} is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead' : 'behind'}.`,
          evidence,
        })),
      evidence: differences.map(({ origin, seconds }) => `${origin}: ${seconds} s`).join('; '),
    };
  },
};
