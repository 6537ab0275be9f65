import { isLoopback } from '../ollama/index.ts';

/** The proxies that requests may go through: those of the environment, and VS Code's own. */
export interface ProxySettings {
  env: NodeJS.ProcessEnv;
  /** VS Code's `http.proxy`; empty or absent when it is not set. */
  vscodeProxy?: string;
  /** VS Code's `http.noProxy`. */
  vscodeNoProxy?: readonly string[];
}

/**
 * The proxy that requests to an origin go through, as `host:port` without credentials, so far as the settings
 * tell; undefined when there is none. This machine is never asked through a proxy.
 */
export function proxyOnTheWay(origin: string, settings: ProxySettings): string | undefined {
  const { env, vscodeProxy = '', vscodeNoProxy = [] } = settings;
  const { hostname, protocol } = new URL(origin);
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const ofEnvironment = env[name] || env[name.toUpperCase()] || '';
  const exceptions = (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/);
  if (isLoopback(hostname)) return undefined;
  if ([...vscodeNoProxy, ...exceptions].some((exception) => covers(exception, hostname))) return undefined;
  return shown(vscodeProxy || ofEnvironment);
}

/** `*`, `host`, `.domain`, `*.domain`, each perhaps with a port, which makes no difference here. */
function covers(exception: string, hostname: string): boolean {
  const wanted = exception.trim().toLowerCase().replace(/:\d+$/, '');
  if (!wanted) return false;
  if (wanted === '*') return true;
  const domain = wanted.replace(/^\*?\./, '');
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function shown(proxy: string): string | undefined {
  const text = /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return proxy && URL.canParse(text) ? new URL(text).host : undefined;
}
