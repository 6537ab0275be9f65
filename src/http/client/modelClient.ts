import { continuesAnswer } from './answerContinuation.ts';
import { closed } from '../abortScope.ts';
import { ActiveCalls } from '../activeCalls.ts';
import type { EventSink } from '../asyncQueue.ts';
import type { Transport } from '../transport.ts';
import type { ModelAbilities, ServerCapabilities, Slots } from './capabilities.ts';
import type { GenerateRequest, GenerationResult, StreamEvent } from './generation.ts';
import type { GenerationRunner } from './generationRunner.ts';
import type { OllamaError } from '../errors.ts';
import type { LoadedModel, ModelSummary, PullProgress } from './models.ts';
import { unfitnessOf } from './modelUse.ts';
import { isPlainModelName } from './plainName.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import type { OllamaSettings } from './settings.ts';

/** Ignores the events, for callers that need only the result. */
const drain: EventSink<StreamEvent> = { push: () => undefined, taken: () => undefined };

/** A single attempt without retries. */
const once: RetryPolicy = { attempts: 1, delayMs: 0 };

/** The limits for a prompt, in tokens. */
export interface PromptBudget {
  model: string;
  numCtx: number;
  /** Most tokens of an answer. 0 or less: all that the context window has left. */
  numPredict: number;
  charsPerToken: number;
}

/**
 * A client for one server with one set of settings, for any protocol. It connects on first use and keeps its
 * connections. It can be used again after `close`.
 */
export abstract class ModelClient {
  abstract readonly settings: OllamaSettings;
  /** What the server can do, as far as known now. */
  abstract readonly capabilities: ServerCapabilities;
  protected abstract readonly transport: Transport;
  protected abstract readonly runner: GenerationRunner;
  protected readonly calls = new ActiveCalls();

  /** Scheme, host and port of the server. Safe to show and log, because it cannot contain a password. */
  get origin(): string {
    return this.transport.origin;
  }

  /** Origin and path of the server, without credentials. Approvals and keys belong to this address. */
  get address(): string {
    return this.transport.address;
  }

  /**
   * The addresses that requests of this client have been sent to: the server, and other servers behind it.
   */
  abstract get sentTo(): ReadonlySet<string>;

  /** Whether the server answers 200 within 5 s. Never rejects. */
  async healthCheck(signal?: AbortSignal): Promise<boolean> {
    return this.calls
      .run(signal, async (inner) => {
        await this.ping(inner);
        return true;
      })
      .catch(() => false);
  }

  /**
   * Prepares the model, so that the first question need not wait.
   * @returns whether it is ready; never rejects
   */
  abstract prewarm(signal?: AbortSignal): Promise<boolean>;

  /** The models of the server. Empty when it cannot be reached. Never rejects. */
  async listModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.installedModels(signal).catch(() => []);
  }

  /**
   * Like `listModels`, but rejects.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract installedModels(signal?: AbortSignal): Promise<ModelSummary[]>;

  /**
   * The installed models that can answer questions.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async chatModels(installed: readonly ModelSummary[], _signal?: AbortSignal): Promise<ModelSummary[]> {
    return installed.filter((model) => unfitnessOf(model) === undefined && this.acceptsName(model.name));
  }

  /** Whether a listed model can be used by its name. */
  acceptsName(name: string): boolean {
    return isPlainModelName(name);
  }

  /** What a model of the server's list can do, as far as known. */
  abilitiesOf({ capabilities }: ModelSummary): ModelAbilities {
    return { tools: capabilities.includes('tools'), images: capabilities.includes('vision') };
  }

  /** How busy the server is; undefined when it does not report it. Rejects only with the signal's reason. */
  async slots(_signal?: AbortSignal): Promise<Slots | undefined> {
    return undefined;
  }

  /**
   * Whether the model would continue the partial answer that is the last message of a request as if it had not been
   * interrupted: by the server's own rendering of the prompt. False when the server does not show it. Rejects only
   * with the signal's reason.
   */
  async continuesAnswer(request: GenerateRequest): Promise<boolean> {
    return this.calls.run(request.signal, (inner) =>
      continuesAnswer(request, inner, (one) => this.renderedPrompt(one, inner)),
    );
  }

  /** The text that the model would be given; undefined when the server does not show it. */
  protected async renderedPrompt(
    _request: GenerateRequest,
    _signal: AbortSignal,
  ): Promise<string | undefined> {
    return undefined;
  }

  /**
   * The facts in a model's file (`model_info` of Ollama's `/api/show`); empty when the server does not report
   * them.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract modelInfo(model: string, signal?: AbortSignal): Promise<Record<string, unknown>>;

  /**
   * The models that are currently loaded. Empty when the server does not report them.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract loadedModels(signal?: AbortSignal): Promise<LoadedModel[]>;

  /**
   * The server's version; empty when it does not report one.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract version(signal?: AbortSignal): Promise<string>;

  /** The error for a server that is too old, if its version is known. */
  get outdated(): OllamaError | undefined {
    return undefined;
  }

  /**
   * The model that requests use: the configured one, else an automatic choice.
   * @throws OllamaModelNotFoundError (kind `noModel`) when there is none; OllamaError
   */
  abstract resolveModel(signal?: AbortSignal): Promise<string>;

  /**
   * The addresses that prompts are sent to: the server, and the server that runs the model if that is another
   * one.
   * @param asked the model, instead of the one that requests use
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract promptDestinations(signal?: AbortSignal, asked?: string): Promise<string[]>;

  /**
   * Unloads a model to free its memory.
   * @param model by default the model that requests use
   * @throws OllamaError (kind `unsupported` if the server cannot do it); the signal's reason when it aborts
   */
  abstract unload(signal?: AbortSignal, model?: string): Promise<void>;

  /**
   * Makes the server download a model.
   * @param onProgress called with the progress; an error it throws ends the pull
   * @throws OllamaError (kind `unsupported` if the server cannot do it); the signal's reason when it aborts
   */
  abstract pullModel(
    model: string,
    onProgress: (progress: PullProgress) => void,
    signal?: AbortSignal,
  ): Promise<void>;

  /**
   * Deletes a model from the server's disk.
   * @throws OllamaError (kind `unsupported` if the server cannot do it); the signal's reason when it aborts
   */
  abstract deleteModel(model: string, signal?: AbortSignal): Promise<void>;

  /**
   * The limits for the next prompt: its model, the tokens of its context window, and the tokens of an answer.
   * @param asked the model and the answer limit of one request, instead of the settings
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract promptBudget(
    signal?: AbortSignal,
    asked?: { model?: string | undefined; maxTokens?: number | undefined },
  ): Promise<PromptBudget>;

  /** Context size in tokens that requests for a model use now. */
  abstract numCtxFor(model: string): number;

  /** The reduced context size after recovery from "out of memory", if there was one. */
  abstract reducedNumCtx(model: string): number | undefined;

  /** The context size that another program has loaded the model with, if requests use it. */
  abstract adoptedNumCtx(model: string): number | undefined;

  /** Characters per token of a model, measured from its answers (3 before the first one). */
  abstract charsPerToken(model: string): number;

  /** Milliseconds that the latest load of the model took, if this client has measured one. */
  abstract expectedLoadMs(model: string): number | undefined;

  /**
   * One attempt at an answer, as a stream of events. Leaving the stream early closes the connection at once.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  stream(request: GenerateRequest): AsyncGenerator<StreamEvent, GenerationResult, void> {
    return this.streamWithRetry(request, once);
  }

  /** Drains `stream`. */
  async generate(request: GenerateRequest): Promise<GenerationResult> {
    return this.generateWithRetry(request, once);
  }

  /**
   * An answer with retries and recovery, as a stream of events. It retries only before the first content, so
   * that no text comes twice; each retry is announced by an event.
   * @param policy by default 3 attempts, waiting 2 s x attempt; a longer Retry-After of the server counts
   * instead (at most 30 s)
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  streamWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): AsyncGenerator<StreamEvent, GenerationResult, void> {
    return this.calls.stream(request.signal, (sink, signal) =>
      this.runner.run({ request, policy, sink, signal }),
    );
  }

  /** Drains `streamWithRetry`. */
  async generateWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): Promise<GenerationResult> {
    return this.calls.run(request.signal, (signal) =>
      this.runner.run({ request, policy, sink: drain, signal }),
    );
  }

  /** Aborts all calls and closes all connections. A later call opens a new pool. */
  async close(): Promise<void> {
    this.calls.abortAll(() => closed(this.origin));
    this.onClosing();
    await this.transport.close();
  }

  /** Resolves when the server answers 200. */
  protected abstract ping(signal: AbortSignal): Promise<void>;

  /** Called when all calls have been aborted. Later calls must not join one of them. */
  protected onClosing(): void {
    // By default there is nothing to do.
  }
}
