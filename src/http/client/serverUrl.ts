import { parseBaseUrl as parse, type BaseUrl } from '../baseUrl.ts';

/**
 * Paths that other programs add to the address of a server, and that web pages show: its OpenAI-compatible API, its
 * own API (LM Studio's is `/api/v0`), or one request of it. They are removed.
 */
const interfacePath =
  /\/(?:v1(?:\/(?:chat(?:\/completions)?|completions|models|embeddings|responses|messages))?|api(?:\/(?:generate|chat|tags|version|ps|show|embed|v0(?:\/(?:chat\/completions|models))?))?|chat\/completions|completions?|infill|health|props|slots|metrics|docs)$/i;

/**
 * Parses the address of a server.
 * @throws OllamaSettingsError naming `baseUrl`
 */
export function parseBaseUrl(text: string): BaseUrl {
  const base = parse(text);
  return { ...base, href: base.href.replace(interfacePath, '').replace(/\/+$/, '') };
}
