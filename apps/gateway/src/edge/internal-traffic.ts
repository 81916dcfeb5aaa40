import { BlockList, isIPv6 } from 'node:net';
import type { Principal } from '@vitrine/platform';

/** Whether an address belongs to the shop itself. */
export type IsInternalAddress = (address: string) => boolean;

/**
 * @param networks `<address>/<prefix>` of either family, as the configuration has checked them
 * @returns a check that also knows an IPv4 address in its IPv6 form, which is how a socket of both families tells it
 */
export function createInternalNetworks(networks: readonly string[]): IsInternalAddress {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => list.check(address, familyOf(address));
}

/**
 * Whether the shop's own people look at themselves: from one of its networks, or as staff. A server with a secret key asks on behalf of
 * shoppers, and stands in such a network as a rule: its own address says nothing about them.
 */
export function isInternalRequest(principal: Principal, fromInside: boolean): boolean {
  return principal.kind === 'staff' || (principal.kind !== 'secret' && fromInside);
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');
