import { OllamaConnectionError, OllamaError } from './errors.ts';
import { localizable } from './message.ts';

/**
 * The error of an HTTP proxy, if the failure of `fetch` is one. Only the text shows it: node-fetch keeps
 * nothing but text and code of the system's error.
 */
export function proxyFailure(failure: unknown, origin: string): OllamaError | undefined {
  const text = failure instanceof Error ? failure.message : '';
  if (text.includes('establish tunnel')) return refused(text, origin, failure);
  const proxy = unreachableProxy(text, new URL(origin));
  if (!proxy) return undefined;
  const message = localizable(
    'The proxy {0} on the way to {1} cannot be reached: check the proxy settings and the network.',
    proxy,
    origin,
  );
  return new OllamaConnectionError(message, { kind: 'proxy', cause: failure });
}

/** Node's text for a proxy that answers CONNECT with anything but 200. */
function refused(text: string, origin: string, cause: unknown): OllamaError | undefined {
  const status = Number(/HTTP\/\d\.\d (\d{3})/.exec(text)?.[1]);
  if (!status) return undefined;
  const details = { status, cause };
  if (status === 407)
    return new OllamaError(
      localizable('The proxy on the way to {0} wants a sign-in (407): check the proxy settings.', origin),
      { ...details, kind: 'proxy' },
    );
  const message = localizable(
    'The proxy on the way to {0} does not let the connection through ({1}): check the address and the proxy settings.',
    origin,
    status,
  );
  return new OllamaConnectionError(message, { ...details, kind: 'proxy' });
}

/**
 * VS Code names the proxy in its text. In Node's text, the failed address is a proxy if it is not the
 * requested one.
 */
function unreachableProxy(text: string, { hostname, port, protocol }: URL): string | undefined {
  const named = /connection to proxies: \w+ (?:[^\s@]*@)?([^\s;]+)/.exec(text)?.[1];
  if (named) return named;
  const unknown = /getaddrinfo E\w+ ([^\s:]+)$/.exec(text)?.[1];
  if (unknown) return unknown === hostname ? undefined : unknown;
  const address = /connect E\w+ (\S+:\d+)/.exec(text)?.[1];
  const own = port || (protocol === 'https:' ? '443' : '80');
  return address?.endsWith(`:${own}`) ? undefined : address;
}
