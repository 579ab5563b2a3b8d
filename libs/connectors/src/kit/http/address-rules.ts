/** Which addresses a request may connect to: public ones, and those that the operator opened (SSRF, spec SE5). */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What `FRESHET_ALLOW_HOSTS` opens. */
export interface AddressRules {
  /** Lower-case host names whose addresses are all allowed. */
  names: ReadonlySet<string>;
  ranges: readonly (readonly [Address, number])[];
}

export const publicOnly: AddressRules = { names: new Set(), ranges: [] };

/** Global unicast: everything assigned to networks of the internet lies in 2000::/3. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** An IPv4 address inside IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 address it reaches. */
const parseAddress = (address: string): Address =>
  ipaddr.process(address.replace(/^\[|\]$/g, '').replace(/%.*$/, ''));

/** Entries are host names, addresses or CIDR ranges. Throws a TypeError that names a CIDR range which is not one. */
export const addressRules = (allowHosts: readonly string[]): AddressRules => {
  const names = new Set<string>();
  const ranges: (readonly [Address, number])[] = [];
  for (const entry of allowHosts.map((text) => text.trim().toLowerCase()).filter((text) => text !== '')) {
    const bare = entry.replace(/^\[|\]$/g, '');
    if (isIP(bare) !== 0) {
      const address = parseAddress(bare);
      ranges.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else if (entry.includes('/')) {
      if (!ipaddr.isValidCIDR(entry))
        throw new TypeError(`${entry} is not a range of addresses such as 10.0.0.0/8.`);
      ranges.push(ipaddr.parseCIDR(entry));
    } else {
      names.add(entry);
    }
  }
  return { names, ranges };
};

/** Whether an IP address belongs to the public internet, rather than to this machine, its networks or a special purpose. */
export const isPublicAddress = (address: string): boolean => {
  const parsed = parseAddress(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(globalUnicast);
};

/** Whether a connection for this host name may go to this IP address. */
export const isAllowed = (rules: AddressRules, hostname: string, address: string): boolean => {
  if (isPublicAddress(address) || rules.names.has(hostname.toLowerCase())) return true;
  const parsed = parseAddress(address);
  return rules.ranges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
};
