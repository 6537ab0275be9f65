// The server for `npm start`: the Ollama of this machine, else the demo server; or the demo server with OpenAI's protocol.
import { parseBaseUrl } from '../../../src/ollama/index.ts';
import { startDemo } from '../demo.ts';
import type { Settings } from '../vscode/server.ts';

export interface AnswerSource {
  /** One line that describes it. */
  description: string;
  settings: Settings;
}

type BaseUrl = ReturnType<typeof parseBaseUrl>;

const DEFAULT_HOST = 'http://127.0.0.1:11434';
const PROBE_MS = 2000;

/** The address in OLLAMA_HOST, in the forms that the extension supports. */
function readAddress(text: string): BaseUrl {
  try {
    return parseBaseUrl(text);
  } catch (error) {
    throw new Error(`OLLAMA_HOST=${text} cannot be read`, { cause: error });
  }
}

/** The version of the Ollama at an address, if one answers. */
async function ollamaVersion({ href, authorization }: BaseUrl): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch(`${href}/api/version`, {
      signal,
      headers: authorization ? { authorization } : {},
    });
    const { version } = (await response.json()) as { version?: unknown };
    return response.ok && typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}

/** The demo server with OpenAI's protocol, whatever else there is. */
export async function openAISource(): Promise<AnswerSource> {
  const demo = await startDemo({ protocol: 'openai' });
  const baseUrl = `${demo.url}/v1`;
  return {
    description: `Using the built-in demo server (prepared answers) with OpenAI's protocol at ${baseUrl}.`,
    settings: { 'codeworm.baseUrl': baseUrl },
  };
}

/** Throws an Error when OLLAMA_HOST is invalid. */
export async function answerSource(): Promise<AnswerSource> {
  const text = process.env['OLLAMA_HOST'] || DEFAULT_HOST;
  const address = readAddress(text);
  const version = await ollamaVersion(address);
  if (version) {
    return {
      description: `Using the Ollama ${version} at ${address.href}.`,
      settings: { 'codeworm.baseUrl': text },
    };
  }
  const demo = await startDemo();
  return {
    description: `No Ollama answers at ${address.href}: using the built-in demo server (prepared answers) at ${demo.url}.`,
    settings: { 'codeworm.baseUrl': demo.url },
  };
}
