import { parseBaseUrl as parse, type BaseUrl } from '../baseUrl.ts';

/**
 * What other programs want as Ollama's address, and what pages about it show: its OpenAI-compatible interface, its
 * own, or one of their calls. Ours begins before it.
 */
const interfacePath =
  /\/(?:v1(?:\/(?:chat\/completions|completions|models))?|api(?:\/(?:generate|chat|tags))?)$/;

/**
 * Reads the address of an Ollama server.
 * @throws OllamaSettingsError naming `baseUrl`
 */
export function parseBaseUrl(text: string): BaseUrl {
  const base = parse(text);
  return { ...base, href: base.href.replace(interfacePath, '').replace(/\/+$/, '') };
}
