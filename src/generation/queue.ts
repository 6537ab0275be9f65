import type { ClientProvider } from './clientProvider.ts';
import { GuardedSink } from './guardedSink.ts';
import {
  OllamaError,
  localizable,
  type ChatMessage,
  type GenerateRequest,
  type GenerationResult,
  type OllamaClient,
  type StreamEvent,
  type Think,
} from '../ollama/index.ts';
import type { AnswerEvent, AnswerReader } from './answerReader.ts';
import type { Priorities } from './priorities.ts';
import { emptyAnswerError } from './emptyAnswer.ts';
import type { Task } from '../config/tasks.ts';

/** The room that a prompt has. */
export interface TokenBudget {
  numCtx: number;
  numPredict: number;
  charsPerToken: number;
}

/** A question and the answer it got. */
export interface ConversationTurn {
  prompt: string;
  answer: string;
}

/** What is asked, and what the user should know of it: for instance, what was left out. */
export interface Prompt {
  system: string;
  prompt: string;
  /** The conversation that it continues, the oldest turn first: the server finds it in its cache. */
  history?: readonly ConversationTurn[];
  note?: string;
}

/** What is to be generated. */
export interface Job {
  /** The action, such as "Explain". */
  title: string;
  /** What it is about, such as "Inventory.add (inventory.ts, lines 3-20)". */
  subject: string;
  task: Task;
  /** Name of the model, where the task has one of its own. */
  model?: string;
  /** Whether the model thinks first; absent: its own default. */
  think?: Think | undefined;
  /** Most tokens of the answer, in place of the setting. */
  maxTokens?: number;
  /** Makes the prompt for a model's window and tokens. */
  prompt(budget: TokenBudget): Prompt;
  /** Where the answer goes. */
  sink: GenerationSink;
  /** Cancels this job alone, wherever it stands in the queue. */
  signal?: AbortSignal;
}

/** A generation that has begun. */
export interface Run {
  job: Job;
  model: string;
  note?: string;
}

/** How a generation ended, with what was asked and the text that came. */
export type Outcome = {
  /** Undefined when it was not asked. */
  asked?: Prompt;
  /** What the model wrote, without its thinking; of a generation that broke off, what came until then. */
  text: string;
  /** Characters of the text that cannot be seen and were dropped. */
  dropped: number;
} & (
  | { kind: 'finished'; result: GenerationResult; firstTokenMs: number | undefined }
  /** `result` is there when an answer came, but without text. */
  | { kind: 'failed'; error: OllamaError; result?: GenerationResult }
  | { kind: 'cancelled' }
);

/** Where a generation goes. Called in this order: begin, onEvent..., end; only `end` when it could not begin. */
export interface GenerationSink {
  begin(run: Run): void;
  onEvent(event: AnswerEvent): void;
  end(job: Job, outcome: Outcome): void;
}

/** Makes what reads the answer in a model's text; it is not loaded before the first question. */
export type ReaderFor = (asked: Prompt | undefined) => AnswerReader;

/** What a sink that has thrown was to show: the answer, or how the generation goes. */
export type SinkPlace = 'answer' | 'status';

interface Waiting {
  job: Job;
  abort: AbortController;
  /** Thrown into the client when the user cancels; the client leaves in it the text that came. */
  cancelled: OllamaError;
  readerFor: ReaderFor;
  asked?: Prompt;
}

/** Runs one generation at a time and lets the others wait their turn. */
export class GenerationQueue {
  private readonly clients: ClientProvider;
  private readonly priorities: Priorities;
  private readonly follower: GenerationSink;
  private readonly queue: Waiting[] = [];
  private readonly onQueue: (jobs: readonly Job[]) => void;
  private readonly onSinkError: (place: SinkPlace, error: unknown) => void;
  private turn: Promise<unknown> = Promise.resolve();

  /**
   * @param follower told of every generation, besides the sink of its job
   * @param onQueue told the jobs under way, the running one first, whenever they change
   * @param onSinkError told where a sink throws, its place first; neither the generation nor other sinks notice
   */
  constructor(
    clients: ClientProvider,
    priorities: Priorities,
    follower: GenerationSink,
    onQueue: (jobs: readonly Job[]) => void,
    onSinkError: (place: SinkPlace, error: unknown) => void,
  ) {
    this.clients = clients;
    this.priorities = priorities;
    this.follower = new GuardedSink(follower, (error) => onSinkError('status', error));
    this.onQueue = onQueue;
    this.onSinkError = onSinkError;
  }

  /** Runs a job after those before it. Never rejects: what went wrong is the outcome. */
  async run(job: Job, readerFor: ReaderFor): Promise<Outcome> {
    const cancelled = new OllamaError('Cancelled by the user.', { kind: 'closed' });
    const sink = new GuardedSink(job.sink, (error) => this.onSinkError('answer', error));
    const waiting: Waiting = { job: { ...job, sink }, abort: new AbortController(), cancelled, readerFor };
    const cancel = (): void => waiting.abort.abort(cancelled);
    if (job.signal?.aborted) cancel();
    else job.signal?.addEventListener('abort', cancel, { once: true });
    this.queue.push(waiting);
    this.tellQueue();
    const outcome = this.turn.then(() => this.start(waiting));
    this.turn = outcome;
    return outcome;
  }

  /** Cancels the running generation, or all of them. */
  cancel(which: 'running' | 'all'): void {
    for (const { abort, cancelled } of which === 'all' ? [...this.queue] : this.queue.slice(0, 1))
      abort.abort(cancelled);
  }

  private async start(waiting: Waiting): Promise<Outcome> {
    const { job } = waiting;
    const outcome = await this.inTurn(waiting).catch((error: unknown) => toOutcome(error, waiting));
    this.queue.shift();
    for (const sink of [job.sink, this.follower]) sink.end(job, outcome);
    this.tellQueue();
    return outcome;
  }

  private async inTurn(waiting: Waiting): Promise<Outcome> {
    const turn = await this.priorities.enter('own', waiting.abort.signal);
    try {
      return await this.clients.use((client) => this.generate(client, waiting));
    } finally {
      turn.end();
    }
  }

  private async generate(client: OllamaClient, waiting: Waiting): Promise<Outcome> {
    const { job, abort } = waiting;
    const { signal } = abort;
    signal.throwIfAborted();
    const started = performance.now();
    const { think, maxTokens } = job;
    const { model, ...budget } = await client.promptBudget(signal, job);
    const asked = job.prompt(budget);
    waiting.asked = asked;
    const { note } = asked;
    const sinks = [job.sink, this.follower];
    for (const sink of sinks) sink.begin({ job, model, ...(note ? { note } : {}) });
    const reader = waiting.readerFor(asked);
    const tell = (events: AnswerEvent[]): void => events.forEach((event) => job.sink.onEvent(event));
    const stream = client.streamWithRetry({
      ...requestOf(asked),
      ...(job.model === undefined ? {} : { model }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      think,
      signal,
    });
    let firstTokenMs: number | undefined;
    try {
      for (;;) {
        const next = await stream.next();
        if (next.done) {
          const result = reader.result(next.value);
          const error = emptyAnswerError(result);
          if (error) return { kind: 'failed', asked, text: '', dropped: 0, error, result };
          return { kind: 'finished', asked, ...reader.answerIn(next.value.text), result, firstTokenMs };
        }
        if (isContent(next.value)) firstTokenMs ??= performance.now() - started;
        tell(reader.read(next.value));
        this.follower.onEvent(next.value);
      }
    } finally {
      tell(reader.finish());
    }
  }

  private tellQueue(): void {
    try {
      this.onQueue(this.queue.map(({ job }) => job));
    } catch (error) {
      this.onSinkError('status', error);
    }
  }
}

/** A question goes as a prompt; one that continues a conversation as messages, which the server's template joins. */
function requestOf({ system, prompt, history = [] }: Prompt): GenerateRequest {
  if (history.length === 0) return { system, prompt };
  const turns = history.flatMap(({ prompt, answer }): ChatMessage[] => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ]);
  return { system, messages: [...turns, { role: 'user', content: prompt }] };
}

/** Whether an event is a piece of the answer, thoughts included. */
function isContent({ type }: StreamEvent): boolean {
  switch (type) {
    case 'text':
    case 'thinking':
    case 'toolCall':
      return true;
    case 'phase':
    case 'retry':
      return false;
  }
}

function toOutcome(error: unknown, { cancelled, asked, readerFor }: Waiting): Outcome {
  const partial = error instanceof OllamaError ? error.partialText : '';
  const known = { ...(asked ? { asked } : {}), ...readerFor(asked).answerIn(partial) };
  if (error === cancelled) return { ...known, kind: 'cancelled' };
  if (error instanceof OllamaError) return { ...known, kind: 'failed', error };
  return {
    ...known,
    kind: 'failed',
    error: new OllamaError(
      localizable('CodeWorm made a mistake of its own: please report it with the log.'),
      {
        cause: error,
      },
    ),
  };
}
