/** Whether a host name, as in `URL.hostname`, always means this machine (RFC 6761 6.3, RFC 1122 3.2.1.3). */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]+\])$/.test(
    hostname,
  );
}
