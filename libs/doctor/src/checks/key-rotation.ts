import type { Check } from '../check.js';
import { isAnswer } from '../observations/visitor.js';
import { keysOf } from './published-keys.js';

/** One key that is about to sign, one that signs, and one that verifies what was signed before. */
const MOST_KEYS = 3;
const DAY = 24 * 3600;

/** Checks that the published keys look like a rotation that works. */
export const keyRotation: Check = {
  rule: 'key-rotation',
  group: 'Keys',
  title: `At most ${MOST_KEYS} keys of each algorithm are published, and caches learn new keys within a day`,
  source: 'OpenID Connect Core 1.0 §10.1.1',
  severity: 'low',
  why: 'A key that stays published after its rotation is still trusted, and new keys that caches learn too late are refused.',
  fix: 'Remove keys when everything that they signed has expired, and publish each new key before it signs.',
  judge(observations) {
    const keys = keysOf(observations);
    if (!keys) return { skipped: 'No JWK set could be read from jwks_uri.' };
    const counts = new Map<string, number>();
    for (const { jwk } of keys) {
      const name = [jwk.alg ?? jwk.crv ?? jwk.kty, jwk.use].filter(Boolean).join(' ');
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const visit = observations.endpoints.find(({ name }) => name === 'jwks_uri')?.visit;
    const cacheControl = isAnswer(visit) ? (visit.headers['cache-control'] ?? '') : '';
    const maxAge = Number(/max-age=(\d+)/.exec(cacheControl)?.[1] ?? 0);
    const evidence = [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
    return {
      problems: [
        ...[...counts]
          .filter(([, count]) => count > MOST_KEYS)
          .map(([name, count]) => ({ what: `${count} keys are published for ${name}.`, evidence })),
        ...(maxAge > DAY
          ? [{ what: 'Caches may keep the keys for longer than a day.', evidence: `Cache-Control: ${cacheControl}` }]
          : []),
      ],
      evidence,
    };
  },
};
