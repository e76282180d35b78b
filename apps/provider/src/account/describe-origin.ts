const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(\b|Headless)(Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (agent: string, names: typeof BROWSERS): string | undefined =>
  names.find(([pattern]) => pattern.test(agent))?.[1];

/** Returns a short name for a `User-Agent`, such as `Firefox on Linux`, or the first 60 characters of an unknown one. */
export function describeAgent(agent: string): string {
  const browser = nameIn(agent, BROWSERS);
  const system = nameIn(agent, SYSTEMS);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? (agent.length > 60 ? `${agent.slice(0, 60)}…` : agent);
}

/** Returns the user agent and the address of an event in words; empty when neither is known. */
export const describeOrigin = ({ address, agent }: { address: string | null; agent: string | null }): string =>
  [agent && describeAgent(agent), address].filter(Boolean).join(', ');
