// A client in another process, because some of its behavior depends on the environment in which Node starts.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  defaultSettings,
  OllamaClient,
  OllamaError,
  type GenerationResult,
  type ModelClient,
  type OllamaSettings,
} from '../../src/ollama/index.ts';
import { OpenAIClient } from '../../src/openai/index.ts';
import type { Protocol } from './double/types.ts';

/** How one generation ended. */
export interface Outcome {
  prompt: string;
  /** The whole answer; undefined when it failed. */
  text?: string;
  /** Class, kind and more of the error. */
  name?: string;
  kind?: string;
  status?: number;
  message?: string;
  partialText?: string;
  /** All text delivered by `streamWithRetry`. */
  handed?: string;
}

/** Sent while an answer is streaming. */
interface Progress {
  prompt: string;
  /** The text so far. */
  text: string;
}

interface Job {
  /** The client; Ollama's by default. */
  protocol?: Protocol;
  settings: Partial<OllamaSettings>;
  prompts: string[];
  /** Generations in parallel. */
  parallel: number;
  /** For `generateWithRetry`. */
  attempts: number;
  delayMs: number;
  /** Uses `streamWithRetry` instead, and reports progress. */
  stream: boolean;
}

/** Sends jobs, one at a time, to a process that runs this file. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #died: Promise<never>;

  /** @param env added to the environment of this process; `undefined` removes a variable */
  constructor(env: Record<string, string | undefined>) {
    this.#child = fork(import.meta.filename, ['--answer'], {
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    });
    this.#died = new Promise((_, reject) => {
      this.#child.once('exit', () => reject(new Error('the process of the client ended')));
    });
    // Pending calls report it; at the end there are none.
    this.#died.catch(() => undefined);
  }

  /**
   * Sends every prompt through `generateWithRetry` of one client, or with `onText` through `streamWithRetry`.
   * Resolves with the outcomes in the same order.
   */
  async generate(
    settings: Partial<OllamaSettings>,
    prompts: string[],
    { onText, ...more }: Partial<Job> & { onText?: (prompt: string, text: string) => void } = {},
  ): Promise<Outcome[]> {
    const stream = onText !== undefined;
    const outcomes = this.#answer(onText);
    const defaults = { parallel: 1, attempts: 1, delayMs: 20 };
    this.#child.send({ ...defaults, ...more, settings, prompts, stream } satisfies Job);
    return Promise.race([outcomes, this.#died]);
  }

  #answer(onText?: (prompt: string, text: string) => void): Promise<Outcome[]> {
    return new Promise((resolve) => {
      const listen = (message: Outcome[] | Progress): void => {
        if (!Array.isArray(message)) return onText?.(message.prompt, message.text);
        this.#child.off('message', listen);
        resolve(message);
      };
      this.#child.on('message', listen);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}

async function outcomeOf(client: ModelClient, prompt: string, job: Job): Promise<Outcome> {
  const outcome: Outcome = { prompt };
  try {
    const { text } = job.stream
      ? await streamed(client, job, outcome)
      : await client.generateWithRetry({ prompt }, job);
    return { ...outcome, text };
  } catch (error) {
    if (!(error instanceof OllamaError)) throw error;
    const { name, kind, status, message, partialText } = error;
    return { ...outcome, name, kind, message, partialText, ...(status === undefined ? {} : { status }) };
  }
}

async function streamed(client: ModelClient, job: Job, outcome: Outcome): Promise<GenerationResult> {
  const { prompt } = outcome;
  const stream = client.streamWithRetry({ prompt }, job);
  outcome.handed = '';
  for (let next = await stream.next(); ; next = await stream.next()) {
    if (next.done) return next.value;
    if (next.value.type !== 'text') continue;
    outcome.handed += next.value.text;
    process.send?.({ prompt, text: outcome.handed } satisfies Progress);
  }
}

async function work(job: Job): Promise<Outcome[]> {
  const settings = { ...defaultSettings, model: 'tiny', ...job.settings };
  const client = job.protocol === 'openai' ? new OpenAIClient(settings) : new OllamaClient(settings);
  const outcomes: Outcome[] = [];
  const left = job.prompts.entries();
  const worker = async (): Promise<void> => {
    for (const [index, prompt] of left) outcomes[index] = await outcomeOf(client, prompt, job);
  };
  await Promise.all(Array.from({ length: job.parallel }, worker));
  await client.close();
  return outcomes;
}

if (process.argv[1] === import.meta.filename && process.argv[2] === '--answer') {
  process.on('message', (job: Job) => void work(job).then((outcomes) => process.send?.(outcomes)));
  process.once('disconnect', () => process.exit());
}
