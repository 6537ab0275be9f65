import type { ClientProvider } from './clientProvider.ts';
import type { FollowedRun } from './followedRun.ts';
import { GuardedSink } from './guardedSink.ts';
import {
  OllamaError,
  localizable,
  type ChatMessage,
  type GenerateRequest,
  type GenerationResult,
  type ModelClient,
  type StreamEvent,
  type Think,
} from '../ollama/index.ts';
import type { AnswerEvent, AnswerReader } from './answerReader.ts';
import type { Priorities } from './priorities.ts';
import { emptyAnswerError } from './emptyAnswer.ts';
import type { Task } from '../config/tasks.ts';

/** The token budget of a prompt. */
export interface TokenBudget {
  numCtx: number;
  numPredict: number;
  charsPerToken: number;
}

/** A question and its answer. */
export interface ConversationTurn {
  prompt: string;
  answer: string;
}

/** A prompt, and what the user should know about it, such as omissions. */
export interface Prompt {
  system: string;
  prompt: string;
  /** The conversation it continues, oldest turn first. The server has it in its cache. */
  history?: readonly ConversationTurn[];
  note?: string;
}

/** A generation to run. */
export interface Job {
  /** The action, such as "Explain". */
  title: string;
  /** What it is about, such as "Inventory.add (inventory.ts, lines 3-20)". */
  subject: string;
  task: Task;
  /** Name of the model, if not the configured one. */
  model?: string;
  /** Whether the model thinks first. By default the model decides. */
  think?: Think | undefined;
  /** Most tokens of the answer, instead of the setting. */
  maxTokens?: number;
  /** Creates the prompt for the context window of the chosen model. */
  prompt(budget: TokenBudget): Prompt;
  /** Receives the answer. */
  sink: GenerationSink;
  /** Cancels only this job, queued or running. */
  signal?: AbortSignal;
}

/** The properties of a job that are shown. */
export type JobInfo = Pick<Job, 'title' | 'subject'>;

/** A generation that has started. */
export interface Run {
  job: JobInfo;
  model: string;
  note?: string;
}

/** How a generation ended, with its prompt and the text received. */
export type Outcome = {
  /** Undefined when the prompt was never sent. */
  asked?: Prompt;
  /** The model's text without its thinking. After an error, the text received so far. */
  text: string;
  /** Number of invisible characters dropped from the text. */
  dropped: number;
} & (
  | { kind: 'finished'; result: GenerationResult; firstTokenMs: number | undefined }
  /** `result` is set when the answer arrived, but without text. */
  | { kind: 'failed'; error: OllamaError; result?: GenerationResult }
  | { kind: 'cancelled' }
);

/**
 * Receives a generation. Call order: begin, onEvent..., end. Only `end` when the generation could not start.
 */
export interface GenerationSink {
  begin(run: Run): void;
  onEvent(event: AnswerEvent): void;
  end(job: JobInfo, outcome: Outcome): void;
}

/** Creates the reader of an answer. Its code is loaded with the first question. */
export type ReaderFor = (asked: Prompt | undefined) => AnswerReader;

/** What the failing sink shows: the answer, or the state of the generation. */
export type SinkRole = 'answer' | 'status';

/** A job or generation that is shown and can be cancelled. */
interface Entry {
  job: JobInfo;
  abort: AbortController;
  /** The error with which the client is aborted on Cancel. The client adds the partial text to it. */
  cancelled: OllamaError;
}

interface Waiting extends Entry {
  job: Job;
  readerFor: ReaderFor;
  asked?: Prompt;
}

/** Runs one generation at a time; the others wait in order. */
export class GenerationQueue {
  private readonly clients: ClientProvider;
  private readonly priorities: Priorities;
  private readonly follower: GenerationSink;
  private readonly queue: Entry[] = [];
  private readonly onQueue: (jobs: readonly JobInfo[]) => void;
  private readonly onSinkError: (role: SinkRole, error: unknown) => void;
  /** Settles when all jobs so far have ended. */
  private previous: Promise<unknown> = Promise.resolve();

  /**
   * @param follower receives every generation, besides the sink of its job
   * @param onQueue receives all jobs, the running one first, whenever they change
   * @param onSinkError called when a sink throws; the generation and other sinks continue
   */
  constructor(
    clients: ClientProvider,
    priorities: Priorities,
    follower: GenerationSink,
    onQueue: (jobs: readonly JobInfo[]) => void,
    onSinkError: (role: SinkRole, error: unknown) => void,
  ) {
    this.clients = clients;
    this.priorities = priorities;
    this.follower = new GuardedSink(follower, (error) => onSinkError('status', error));
    this.onQueue = onQueue;
    this.onSinkError = onSinkError;
  }

  /** Runs a job after those before it. Never rejects: an error is part of the outcome. */
  async run(job: Job, readerFor: ReaderFor): Promise<Outcome> {
    const cancelled = cancelledByUser();
    const sink = new GuardedSink(job.sink, (error) => this.onSinkError('answer', error));
    const waiting: Waiting = { job: { ...job, sink }, abort: new AbortController(), cancelled, readerFor };
    const cancel = (): void => waiting.abort.abort(cancelled);
    if (job.signal?.aborted) cancel();
    else job.signal?.addEventListener('abort', cancel, { once: true });
    this.queue.push(waiting);
    this.notifyQueue();
    const outcome = this.previous.then(() => this.start(waiting));
    this.previous = outcome;
    return outcome;
  }

  /** Shows a generation outside the queue, which is cancelled with the others by `abort`. */
  follow(job: JobInfo, abort: AbortController): FollowedRun {
    const entry: Entry = { job, abort, cancelled: cancelledByUser() };
    this.queue.push(entry);
    this.notifyQueue();
    return {
      begin: (model) => this.tellFollower(entry, () => this.follower.begin({ job, model })),
      onEvent: (event) => this.tellFollower(entry, () => this.follower.onEvent(event)),
      end: () => this.leave(entry, { kind: 'cancelled', text: '', dropped: 0 }),
    };
  }

  /** Cancels the running generation, or all of them. */
  cancel(which: 'running' | 'all'): void {
    for (const { abort, cancelled } of which === 'all' ? [...this.queue] : this.queue.slice(0, 1))
      abort.abort(cancelled);
  }

  private async start(waiting: Waiting): Promise<Outcome> {
    const { job } = waiting;
    const outcome = await this.withPriority(waiting).catch((error: unknown) => toOutcome(error, waiting));
    job.sink.end(job, outcome);
    this.leave(waiting, outcome);
    return outcome;
  }

  private leave(entry: Entry, outcome: Outcome): void {
    this.tellFollower(entry, () => this.follower.end(entry.job, outcome));
    this.queue.splice(this.queue.indexOf(entry), 1);
    this.notifyQueue();
  }

  /** The status bar shows one generation at a time: the one that began first. */
  private tellFollower(entry: Entry, tell: () => void): void {
    if (this.queue[0] === entry) tell();
  }

  private async withPriority(waiting: Waiting): Promise<Outcome> {
    const permit = await this.priorities.enter('own', waiting.abort.signal);
    try {
      return await this.clients.use((client) => this.generate(client, waiting));
    } finally {
      permit.end();
    }
  }

  private async generate(client: ModelClient, waiting: Waiting): Promise<Outcome> {
    const { job, abort } = waiting;
    const { signal } = abort;
    signal.throwIfAborted();
    const started = performance.now();
    const { think, maxTokens } = job;
    const { model, ...budget } = await client.promptBudget(signal, job);
    const asked = job.prompt(budget);
    waiting.asked = asked;
    const { note } = asked;
    const run: Run = { job, model, ...(note ? { note } : {}) };
    job.sink.begin(run);
    this.tellFollower(waiting, () => this.follower.begin(run));
    const reader = waiting.readerFor(asked);
    const deliver = (events: AnswerEvent[]): void => events.forEach((event) => job.sink.onEvent(event));
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
        const event = next.value;
        if (isContent(event)) firstTokenMs ??= performance.now() - started;
        deliver(reader.read(event));
        this.tellFollower(waiting, () => this.follower.onEvent(event));
      }
    } finally {
      deliver(reader.finish());
    }
  }

  private notifyQueue(): void {
    try {
      this.onQueue(this.queue.map(({ job }) => job));
    } catch (error) {
      this.onSinkError('status', error);
    }
  }
}

function cancelledByUser(): OllamaError {
  return new OllamaError('Cancelled by the user.', { kind: 'closed' });
}

/** A single question uses `prompt`. A conversation uses `messages`, which the server's template joins. */
function requestOf({ system, prompt, history = [] }: Prompt): GenerateRequest {
  if (history.length === 0) return { system, prompt };
  const turns = history.flatMap(({ prompt, answer }): ChatMessage[] => [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ]);
  return { system, messages: [...turns, { role: 'user', content: prompt }] };
}

/** Whether an event carries text of the model, thinking included. */
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
