import type { Check } from '../check.js';
import type { EndpointRule, EndpointVisit } from '../observations/endpoints.js';
import { type Answer, described, isAnswer, isJsonType, isPage, jsonOf } from '../observations/visitor.js';

/** Checks that each endpoint of the metadata answers a request that must be refused as its specification says. */
export const endpointAnswers: Check = {
  rule: 'endpoint-answers',
  group: 'Metadata',
  title: 'Each endpoint of the metadata answers as its specification says',
  source: 'RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 7662 §2.3, RFC 9126 §2.3, RFC 8628 §3.2, RFC 7591 §3.2.2, RFC 6750 §3',
  severity: 'high',
  why: 'The metadata offers an endpoint that is not there or is something else, so clients fail when they use it.',
  fix: 'Route the address to the provider, also in the proxy in front of it, or remove the endpoint from the metadata.',
  judge({ endpoints, unknownClient }) {
    const judged = endpoints.filter(({ rule }) => rule !== undefined);
    const missing = unknownClient
      .filter(isAnswer)
      .filter(({ status }) => status === 404 || status === 405 || status >= 500)
      .slice(0, 1);
    return {
      problems: [
        ...missing.map((visit) => ({
          what: 'authorization_endpoint does not answer as RFC 6749 §3.1 says.',
          evidence: described(visit),
        })),
        ...judged.flatMap(problemOf),
      ],
      evidence: judged.map(({ visit }) => described(visit)).join('; '),
    };
  },
};

function problemOf({ name, visit, rule }: EndpointVisit) {
  if (!rule || !isAnswer(visit) || isExpected(name, visit, rule)) return [];
  return [{ what: `${name} does not answer as ${rule.source} says.`, evidence: described(visit) }];
}

function isExpected(name: string, answer: Answer, { expects }: EndpointRule): boolean {
  const { status, headers } = answer;
  if (expects === 'json') return status === 200 && isJsonType(answer) && jsonOf(answer) !== undefined;
  if (expects === 'page') return status < 400 || (status === 400 && (isPage(answer) || isJsonType(answer)));
  if (expects === 'challenge') return status === 400 || (status === 401 && headers['www-authenticate'] !== undefined);
  // A server that knows no such token may say that it is revoked (RFC 7009 §2.2).
  if (name === 'revocation_endpoint' && status === 200) return true;
  // Registration may be closed to strangers (RFC 7591 §3).
  const refusals = name === 'registration_endpoint' ? [400, 401, 403] : [400, 401];
  if (!refusals.includes(status)) return false;
  const challenged = status !== 400 && headers['www-authenticate'] !== undefined;
  return challenged || (isJsonType(answer) && typeof jsonOf(answer)?.error === 'string');
}
