/**
 * Where models with `cloud` in their name run. Newer servers forward to them even when they are not
 * installed.
 */
export const cloudHost = 'https://ollama.com';

/**
 * Where the model runs, as far as its name shows: on the cloud host if its tag is `cloud` or ends in `-cloud`
 * (Ollama's `internal/modelref`). Ignores characters that a parser might ignore.
 * @returns an origin; empty for a model that runs on the server itself
 */
export function remoteHostOf(name: string): string {
  const visible = name.replaceAll(/[^\w./:-]/g, '');
  return /:(?:[^:/]*-)?cloud$/i.test(visible) ? cloudHost : '';
}

/**
 * Whether two names mean the same model: case does not matter, a missing tag means `:latest`, and the default
 * registry and library may be omitted (Ollama's `types/model`).
 */
export function sameModel(one: string, other: string): boolean {
  return one === other || fullName(one) === fullName(other);
}

const part = String.raw`[a-z0-9_][a-z0-9_.-]*`;
/** Host, namespace, model and tag; only the model is required. A namespace has no dots. */
const parts = new RegExp(`^(?:(?:(${part}(?::\\d+)?)/)?([a-z0-9_][a-z0-9_-]*)/)?(${part})(?::(${part}))?$`);

/** The name with all its parts, in lower case. An invalid name only gets a tag. */
function fullName(name: string): string {
  const bare = name.replace(/^https?:\/\//, '').toLowerCase();
  const [whole, host, namespace, model, tag] = parts.exec(bare) ?? [];
  if (whole === undefined) return /:[^/]*$/.test(bare) ? bare : `${bare}:latest`;
  return `${host ?? 'registry.ollama.ai'}/${namespace ?? 'library'}/${model}:${tag ?? 'latest'}`;
}
