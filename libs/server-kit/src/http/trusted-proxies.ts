import { BlockList, isIP } from 'node:net';

/** The reverse proxies in front of a server: how many there are, or their addresses and networks. */
export type TrustedProxies = number | readonly string[];

/**
 * Returns a function that decides whether the sender of a forwarded header is trusted.
 *
 * @throws TypeError when an entry is neither an address nor a network.
 */
export function trustOf(proxies: TrustedProxies): (address: string | undefined, hop: number) => boolean {
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  const trusted = new BlockList();
  for (const entry of proxies) addTo(trusted, entry);
  return (address = '') => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Returns whether a text is an IP address or a network such as `10.0.0.0/8`. */
export function isAddressOrNetwork(entry: string): boolean {
  try {
    addTo(new BlockList(), entry);
    return true;
  } catch {
    return false;
  }
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
    throw new TypeError(`${entry} is neither an address nor a network`);
  }
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}
