import { compile } from '@fastify/proxy-addr';
import { isIP } from 'node:net';
import { z } from 'zod';

/** The reverse proxies whose `X-Forwarded-*` headers count: how many stand in front, or their addresses and networks. */
export type TrustedProxies = number | readonly string[];

const MOST_HOPS = 10;

/** Describes {@link TrustedProxies}: a number, or addresses and networks separated by commas. */
export const trustedProxies = () =>
  z.string().transform((text, context): TrustedProxies => {
    if (/^\d+$/.test(text)) {
      if (Number(text) <= MOST_HOPS) return Number(text);
      context.addIssue(`must be at most ${MOST_HOPS} proxies`);
      return z.NEVER;
    }
    const networks = text
      .split(',')
      .map((network) => network.trim())
      .filter(Boolean);
    const wrong = networks.find((network) => !isNetwork(network));
    if (wrong === undefined && networks.length > 0) return networks;
    context.addIssue(`must be a number, or addresses and networks such as 10.0.0.0/8, and ${wrong ?? text} is neither`);
    return z.NEVER;
  });

/** Returns the function with which Fastify decides whether the sender of a request, or an earlier hop, is trusted. */
export function trustOf(proxies: TrustedProxies): (address: string, hop: number) => boolean {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : compile([...proxies]);
}

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(network: string): boolean {
  // The library also accepts short forms such as 10.1, which are more likely a mistake.
  const [address = ''] = network.split('/');
  if (!NAMED_NETWORKS.includes(network) && isIP(address) === 0) return false;
  try {
    compile(network);
    return true;
  } catch {
    return false;
  }
}
