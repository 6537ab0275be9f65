import { isLoopback } from '../ollama/index.ts';

/** The proxies that requests may use: those of the environment and VS Code's. */
export interface ProxySettings {
  env: NodeJS.ProcessEnv;
  /** VS Code's `http.proxy`; empty or absent when it is not set. */
  vscodeProxy?: string;
  /** VS Code's `http.noProxy`. */
  vscodeNoProxy?: readonly string[];
}

/**
 * The proxy for requests to an origin, as `host:port` without credentials, as far as the settings show it;
 * undefined when there is none. No proxy is used for this machine.
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

/** `*`, `host`, `.domain`, `*.domain`, each with an optional port, which is ignored here. */
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
