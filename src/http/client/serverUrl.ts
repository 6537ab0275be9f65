import { parseBaseUrl as parse, type BaseUrl } from '../baseUrl.ts';

/**
 * Paths that other programs add to Ollama's address, and that web pages show: its OpenAI-compatible API, its
 * own API, or one request of it. They are removed.
 */
const interfacePath =
  /\/(?:v1(?:\/(?:chat(?:\/completions)?|completions|models|embeddings|responses))?|api(?:\/(?:generate|chat|tags))?)$/i;

/**
 * Parses the address of an Ollama server.
 * @throws OllamaSettingsError naming `baseUrl`
 */
export function parseBaseUrl(text: string): BaseUrl {
  const base = parse(text);
  return { ...base, href: base.href.replace(interfacePath, '').replace(/\/+$/, '') };
}
