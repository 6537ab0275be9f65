import type { Memento } from 'vscode';
import type { ServerType } from '../config/serverTypes.ts';
import { OllamaError, type ErrorKind, type ModelClient } from '../ollama/index.ts';

/** Kinds of errors of a server that answers, but is not Ollama or refuses access. */
const answers: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'notOllama',
  'unauthorized',
  'forbidden',
  'badRequest',
  'busy',
  'server',
]);

/** Kinds of errors after which another server may answer at the same address. */
const changes: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'unreachable',
  'notOllama',
  'badRequest',
  'garbled',
  'modelNotFound',
]);

/** Whether an error makes it doubtful that the server still uses the same protocol. */
export function mayBeAnotherServer(error: unknown): boolean {
  return error instanceof OllamaError && changes.has(error.kind);
}

/**
 * The protocol of a server. Ollama's is tried first, because Ollama supports OpenAI's as well.
 * @param ollama a client for the address
 * @param speaksOpenAI tries the other protocol
 * @returns `undefined` when nothing answers, or the answer is inconclusive
 */
export async function recognizeServer(
  ollama: ModelClient,
  speaksOpenAI: () => Promise<boolean | undefined>,
): Promise<ServerType | undefined> {
  try {
    if ((await ollama.version()) !== '') return 'ollama';
  } catch (error) {
    if (!(error instanceof OllamaError)) return undefined;
    if (error.kind === 'tooOld') return 'ollama';
    if (!answers.has(error.kind)) return undefined;
  }
  return (await speaksOpenAI().catch(() => undefined)) ? 'openai' : undefined;
}

const key = 'codeworm.openAIServers';
const mostRemembered = 20;

/** Addresses that have used OpenAI's protocol, so that messages fit while the server does not answer. */
export class KnownServers {
  private readonly state: Memento | undefined;

  constructor(state: Memento | undefined) {
    this.state = state;
  }

  isOpenAI(address: string): boolean {
    return this.addresses.includes(address);
  }

  remember(address: string, type: ServerType): void {
    if (this.isOpenAI(address) === (type === 'openai')) return;
    const others = this.addresses.filter((one) => one !== address);
    const all = type === 'openai' ? [address, ...others].slice(0, mostRemembered) : others;
    void this.state?.update(key, all);
  }

  private get addresses(): readonly string[] {
    return this.state?.get<string[]>(key) ?? [];
  }
}
