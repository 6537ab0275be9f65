// A client in a process of its own: some of what it does is decided by the environment that Node starts with.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { defaultSettings, OllamaClient, OllamaError, type OllamaSettings } from '../../src/ollama/index.ts';

/** How one generation ended. */
export interface Outcome {
  prompt: string;
  /** The whole answer; undefined when it failed. */
  text?: string;
  /** Of the error: its class, its kind, and so on. */
  name?: string;
  kind?: string;
  status?: number;
  message?: string;
  partialText?: string;
}

interface Job {
  settings: Partial<OllamaSettings>;
  prompts: string[];
  /** Generations at a time. */
  parallel: number;
  /** For `generateWithRetry`. */
  attempts: number;
  delayMs: number;
}

/** Sends jobs, one at a time, to a process that runs this very file. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** @param env over the environment of this process; `undefined` removes */
  constructor(env: Record<string, string | undefined>) {
    this.#child = fork(import.meta.filename, ['--answer'], {
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    });
  }

  /** Every prompt through `generateWithRetry` of one client; resolves with the outcomes in the same order. */
  async generate(
    settings: Partial<OllamaSettings>,
    prompts: string[],
    { parallel = 1, attempts = 1, delayMs = 20 } = {},
  ): Promise<Outcome[]> {
    const answer = once(this.#child, 'message');
    const died = once(this.#child, 'exit').then(() => assertNever());
    this.#child.send({ settings, prompts, parallel, attempts, delayMs } satisfies Job);
    const [outcomes] = (await Promise.race([answer, died])) as [Outcome[]];
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}

function assertNever(): never {
  throw new Error('the process of the client ended');
}

async function outcomeOf(client: OllamaClient, prompt: string, job: Job): Promise<Outcome> {
  try {
    return { prompt, text: (await client.generateWithRetry({ prompt }, job)).text };
  } catch (error) {
    if (!(error instanceof OllamaError)) throw error;
    const { name, kind, status, message, partialText } = error;
    return { prompt, name, kind, message, partialText, ...(status === undefined ? {} : { status }) };
  }
}

async function work(job: Job): Promise<Outcome[]> {
  const client = new OllamaClient({ ...defaultSettings, model: 'tiny', ...job.settings });
  const outcomes: Outcome[] = [];
  const left = job.prompts.entries();
  const worker = async (): Promise<void> => {
    for (const [index, prompt] of left) outcomes[index] = await outcomeOf(client, prompt, job);
  };
  await Promise.all(Array.from({ length: job.parallel }, worker));
  await client.close();
  return outcomes;
}

if (process.argv[1] === import.meta.filename && process.argv[2] === '--answer')
  process.on('message', (job: Job) => void work(job).then((outcomes) => process.send?.(outcomes)));
