import type { Check } from '../check.js';
import { isAnswer } from '../observations/visitor.js';

const BANNERS = ['server', 'x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version', 'x-generator'];

/** Checks that responses do not name the version of the software. */
export const versionBanners: Check = {
  rule: 'version-banners',
  group: 'Exposure',
  title: 'Responses do not name the version of the software',
  source: 'RFC 9110 §10.2.4',
  severity: 'low',
  why: 'An attacker finds installations with a known weakness by searching for the version.',
  fix: 'Turn the header off, or shorten it to the name of the software (nginx: server_tokens off).',
  judge({ visits }) {
    const banners = visits.filter(isAnswer).flatMap(({ headers, request }) =>
      BANNERS.flatMap((name) => {
        const value = headers[name];
        const says = value !== undefined && (name !== 'server' || /\d/.test(value));
        return says ? [{ origin: new URL(request.url).origin, banner: `${name}: ${value}` }] : [];
      }),
    );
    const unique = new Map(banners.map((entry) => [`${entry.origin} ${entry.banner}`, entry]));
    return {
      problems: [...unique.values()].map(({ origin, banner }) => ({
        what: `${origin} names its software in a header.`,
        evidence: banner,
      })),
      evidence: `${visits.filter(isAnswer).length} responses`,
    };
  },
};
