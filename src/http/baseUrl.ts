import { OllamaSettingsError } from './errors.ts';
import { localizable } from './message.ts';

/** A base URL to which `/api/...` can be appended, and the credentials from the original URL. */
export interface BaseUrl {
  /** Origin and path prefix, without a trailing slash. */
  href: string;
  origin: string;
  /**
   * Value of the `Authorization` header made from `user:password@`, which a request's URL must not contain.
   */
  authorization?: string;
}

const defaultPort = 11_434;

/**
 * Parses a base URL in every form that `OLLAMA_HOST` supports: `host`, `:port`, `host:port`, `[::1]:port`, a
 * bare IPv6 address, with or without a scheme and a path. Without a scheme the port is 11434, with one it is
 * the scheme's default (as in Ollama's `envconfig.Host`). The unspecified addresses 0.0.0.0 and :: are for
 * listening; as a target they mean this machine.
 * @throws OllamaSettingsError naming `baseUrl`
 */
export function parseBaseUrl(text: string): BaseUrl {
  const url = typeof text === 'string' ? toUrl(text.trim()) : undefined;
  if (!url)
    throw new OllamaSettingsError(
      'baseUrl',
      localizable('is not an address; write one such as http://localhost:11434'),
    );
  if (url.search || url.hash)
    throw new OllamaSettingsError('baseUrl', localizable('must not have a query (?) or fragment (#)'));
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  const base: BaseUrl = { href: url.origin + url.pathname.replace(/\/+$/, ''), origin: url.origin };
  if (url.username || url.password) base.authorization = basicAuthorization(url);
  return base;
}

function toUrl(text: string): URL | undefined {
  const [, scheme, rest] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? [];
  if (!rest || /[\s\\]/.test(rest)) return undefined;
  if (scheme) return /^https?$/i.test(scheme) ? tryUrl(`${scheme}://${withHost(rest)}`) : undefined;
  const [, authority = '', path = ''] = /^([^/]*)(.*)$/s.exec(rest) ?? [];
  const bracketed = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(authority)
    ? `[${authority}]`
    : withHost(authority);
  const hasPort = /:\d*$/.test(bracketed.replace(/^.*@/, '').replace(/^\[[^\]]*\]/, ''));
  return tryUrl(`http://${hasPort ? bracketed : `${bracketed}:${defaultPort}`}${path}`);
}

/** `:11434` and an empty host mean this machine, as they do for Ollama. */
function withHost(authority: string): string {
  return /^(:\d|$)/.test(authority) ? `127.0.0.1${authority}` : authority;
}

function tryUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function basicAuthorization(url: URL): string {
  const credentials = `${unescaped(url.username)}:${unescaped(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A single % is a character of the password, not the start of an escape. */
function unescaped(text: string): string {
  return Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
}
