import { closed } from '../abortScope.ts';
import { ActiveCalls } from '../activeCalls.ts';
import type { EventSink } from '../asyncQueue.ts';
import type { Transport } from '../transport.ts';
import type { ServerCapabilities } from './capabilities.ts';
import type { GenerateRequest, GenerationResult, StreamEvent } from './generation.ts';
import type { GenerationRunner } from './generationRunner.ts';
import type { LoadedModel, ModelSummary, PullProgress } from './models.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import type { OllamaSettings } from './settings.ts';

/** Drops the events where only the result is wanted. */
const drain: EventSink<StreamEvent> = { push: () => undefined, taken: () => undefined };

/** A single attempt. */
const once: RetryPolicy = { attempts: 1, delayMs: 0 };

/** What a prompt is made for; in tokens. */
export interface PromptBudget {
  model: string;
  numCtx: number;
  /** Most tokens of an answer; 0 and less: as many as the window has left. */
  numPredict: number;
  charsPerToken: number;
}

/**
 * A client for one server with one set of settings, whatever the server's protocol. It connects on first use, keeps its
 * connections, and can be used again after `close`.
 */
export abstract class ModelClient {
  abstract readonly settings: OllamaSettings;
  /** What the server can do, as far as it is known now. */
  abstract readonly capabilities: ServerCapabilities;
  protected abstract readonly transport: Transport;
  protected abstract readonly runner: GenerationRunner;
  protected readonly calls = new ActiveCalls();

  /** Scheme, host and port of the server: what may be shown and logged (an URL could carry a password). */
  get origin(): string {
    return this.transport.origin;
  }

  /** Origin and path of the server, without credentials: what approvals and keys are bound to. */
  get address(): string {
    return this.transport.address;
  }

  /** The addresses to which requests of this client have gone, or may be going: the server, and hosts behind it. */
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
   * Makes the model ready, so that the first question need not wait.
   * @returns whether it is; never rejects
   */
  abstract prewarm(signal?: AbortSignal): Promise<boolean>;

  /** The models of the server; empty when it cannot be reached. Never rejects. */
  async listModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.installedModels(signal).catch(() => []);
  }

  /**
   * As `listModels`, for who wants to know why.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract installedModels(signal?: AbortSignal): Promise<ModelSummary[]>;

  /**
   * As `installedModels`, with what further questions to the server add where its list has gaps.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract describedModels(signal?: AbortSignal): Promise<ModelSummary[]>;

  /**
   * The models that are in memory now; none where the server does not tell.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract loadedModels(signal?: AbortSignal): Promise<LoadedModel[]>;

  /**
   * The server's version; empty when it does not say.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract version(signal?: AbortSignal): Promise<string>;

  /**
   * The model that requests use: the one of the settings, else one that is chosen.
   * @throws OllamaModelNotFoundError (kind `noModel`) when there is none; OllamaError
   */
  abstract resolveModel(signal?: AbortSignal): Promise<string>;

  /**
   * The addresses that prompts go to: the server, and behind it the one where the model runs if it does not run there.
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract promptDestinations(signal?: AbortSignal): Promise<string[]>;

  /**
   * Unloads a model to free its memory.
   * @param model the one that requests use, unless given
   * @throws OllamaError (kind `unsupported` where the server cannot); the signal's reason when it aborts
   */
  abstract unload(signal?: AbortSignal, model?: string): Promise<void>;

  /**
   * Has the server fetch a model.
   * @param onProgress told how far it is; what it throws ends the pull
   * @throws OllamaError (kind `unsupported` where the server cannot); the signal's reason when it aborts
   */
  abstract pullModel(
    model: string,
    onProgress: (progress: PullProgress) => void,
    signal?: AbortSignal,
  ): Promise<void>;

  /**
   * Deletes a model from the server's disk.
   * @throws OllamaError (kind `unsupported` where the server cannot); the signal's reason when it aborts
   */
  abstract deleteModel(model: string, signal?: AbortSignal): Promise<void>;

  /**
   * What a prompt is to be made for: the model that requests use, the tokens of its window, and of an answer.
   * @param asked the model and the limit of one request, in place of those of the settings
   * @throws OllamaError; the signal's reason when it aborts
   */
  abstract promptBudget(
    signal?: AbortSignal,
    asked?: { model?: string | undefined; maxTokens?: number | undefined },
  ): Promise<PromptBudget>;

  /** Context size in tokens that requests for a model have now. */
  abstract numCtxFor(model: string): number;

  /** The context size that recovery from "out of memory" has arrived at, if it had to. */
  abstract reducedNumCtx(model: string): number | undefined;

  /** The context size of another program's that is used as it is, because the model is loaded with it. */
  abstract adoptedNumCtx(model: string): number | undefined;

  /** Characters per token of a model, as far as its answers so far tell (3 before the first). */
  abstract charsPerToken(model: string): number;

  /** How long the model took to load the last time, in milliseconds, if this client has seen it. */
  abstract expectedLoadMs(model: string): number | undefined;

  /**
   * One attempt at an answer, event by event. Leaving it early closes the connection at once.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  stream(request: GenerateRequest): AsyncGenerator<StreamEvent, GenerationResult, void> {
    return this.streamWithRetry(request, once);
  }

  /** `stream`, drained. */
  async generate(request: GenerateRequest): Promise<GenerationResult> {
    return this.generateWithRetry(request, once);
  }

  /**
   * An answer with retries and recovery, event by event. A retry happens only while no text has been handed out,
   * so that none comes twice; it announces itself by a part.
   * @param policy 3 attempts, waiting 2 s x attempt, unless given; a Retry-After of the server counts more (30 s at most)
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

  /** `streamWithRetry`, drained. */
  async generateWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): Promise<GenerationResult> {
    return this.calls.run(request.signal, (signal) =>
      this.runner.run({ request, policy, sink: drain, signal }),
    );
  }

  /** Aborts what is running and closes all connections. A later call opens a new pool. */
  async close(): Promise<void> {
    this.calls.abortAll(() => closed(this.origin));
    this.onClosing();
    await this.transport.close();
  }

  /** Resolves when the server answers 200. */
  protected abstract ping(signal: AbortSignal): Promise<void>;

  /** The calls under way have been ended: nobody may join one of them any more. */
  protected onClosing(): void {
    // Nothing to forget.
  }
}
