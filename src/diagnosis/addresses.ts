import { isIPv4, isIPv6 } from 'node:net';

/** Whether an IP address belongs to this machine or to a private network. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return isPrivateIPv4(address.split('.').map(Number));
  return isIPv6(address) && isPrivateIPv6(address.toLowerCase());
}

/**
 * RFC 1122 (this machine), 1918 (private), 3927 (link-local), 6598 (shared by carriers and overlay networks).
 */
function isPrivateIPv4([a = 0, b = 0]: number[]): boolean {
  if (a === 0 || a === 10 || a === 127) return true;
  if (a === 100) return b >= 64 && b <= 127;
  return (a === 169 && b === 254) || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}

/** RFC 4291 (::1, link-local) and 4193 (unique local). A mapped IPv4 address counts as the IPv4 address. */
function isPrivateIPv6(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped) return isPrivateAddress(mapped);
  return /^(?:::1?|f[cd][\da-f]{0,2}:.*|fe[89ab][\da-f]?:.*)$/.test(address);
}
