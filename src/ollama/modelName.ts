/** Where models run whose name says `cloud`; newer servers pass them on even when they are not installed. */
export const cloudHost = 'https://ollama.com';

/**
 * Where the model of that name runs, as far as the name tells: its tag is `cloud` or ends in `-cloud` (Ollama's
 * `internal/modelref`). Characters that a reader could drop are dropped here too.
 * @returns an origin; empty for a model that runs on the server itself
 */
export function remoteHostOf(name: string): string {
  const visible = name.replaceAll(/[^\w./:-]/g, '');
  return /:(?:[^:/]*-)?cloud$/i.test(visible) ? cloudHost : '';
}

/**
 * Whether two names mean the same model: upper and lower case are the same, a name without a tag means `:latest`, and
 * the registry and its library need not be named (Ollama's `types/model`).
 */
export function sameModel(one: string, other: string): boolean {
  return one === other || fullName(one) === fullName(other);
}

const part = String.raw`[a-z0-9_][a-z0-9_.-]*`;
/** Host, namespace, model and tag; only the model must be there. A namespace has no dots. */
const parts = new RegExp(`^(?:(?:(${part}(?::\\d+)?)/)?([a-z0-9_][a-z0-9_-]*)/)?(${part})(?::(${part}))?$`);

/** The name with all its parts, in lower case; of a text that is no name to Ollama at least with a tag. */
function fullName(name: string): string {
  const bare = name.replace(/^https?:\/\//, '').toLowerCase();
  const [whole, host, namespace, model, tag] = parts.exec(bare) ?? [];
  if (whole === undefined) return /:[^/]*$/.test(bare) ? bare : `${bare}:latest`;
  return `${host ?? 'registry.ollama.ai'}/${namespace ?? 'library'}/${model}:${tag ?? 'latest'}`;
}
