import { isLoopback } from '../http/loopback.ts';
import { parseBaseUrl } from '../http/baseUrl.ts';

/** Ollama's own port. */
export const usualPort = 11_434;

/** The usual ports of llama-server, vLLM and LM Studio. */
export const otherPorts: readonly number[] = [8080, 8000, 1234];

/**
 * Whether an address is likely to be Ollama's, before anything has answered there: the port is Ollama's, or it is on
 * this machine and nothing in it belongs to another server.
 * @param baseUrl an address as in the settings
 */
export function isLikelyOllama(baseUrl: string): boolean {
  const { origin, href } = parseBaseUrl(baseUrl);
  const { hostname, port, protocol } = new URL(origin);
  if (Number(port) === usualPort) return true;
  return (
    isLoopback(hostname) && protocol === 'http:' && href === origin && !otherPorts.includes(Number(port))
  );
}
