import { generateFields, type Api } from '../api/api.ts';
import { GenerationAttempt } from './attempt.ts';
import type { PromptDestinations } from './destinations.ts';
import type { GenerateRequest, GenerationResult, StreamEvent } from '../generation.ts';
import type { Guard } from '../../http/guard.ts';
import type { Logger } from '../../http/logger.ts';
import type { ModelSelector } from './modelSelector.ts';
import type { ModelStats } from './modelStats.ts';
import type { EventSink } from '../../http/asyncQueue.ts';
import type { OutOfMemoryRecovery } from './recovery.ts';
import type { RetryPolicy } from './retry.ts';
import { runWithRetries } from './runWithRetries.ts';
import type { OllamaSettings } from '../settings.ts';
import type { Transport } from '../../http/transport.ts';

/** What generating needs from the client. */
export interface GenerationRunnerDependencies {
  settings: OllamaSettings;
  log: Logger;
  guard: Guard;
  transport: Transport;
  api: Api;
  memory: ModelStats;
  choice: ModelSelector;
  recovery: OutOfMemoryRecovery;
  destinations: PromptDestinations;
  numCtxFor: (model: string) => number;
}

/** Makes attempts at answers: one, or as many as a policy allows. */
export class GenerationRunner {
  private readonly dependencies: GenerationRunnerDependencies;
  private readonly attempts = new Set<GenerationAttempt>();

  constructor(dependencies: GenerationRunnerDependencies) {
    this.dependencies = dependencies;
  }

  /** @throws OllamaError with the partial text; the signal's reason when it aborts */
  async withRetries(
    request: GenerateRequest,
    policy: RetryPolicy,
    sink: EventSink<StreamEvent>,
    signal: AbortSignal,
  ): Promise<GenerationResult> {
    const { log, choice, recovery, numCtxFor } = this.dependencies;
    return runWithRetries({
      policy,
      signal,
      log,
      push: (part) => sink.push(part),
      attempt: (handed) => this.once(request, sink, signal, handed),
      recover: async (announce) => {
        const model = await choice.model(signal);
        await recovery.run(model, numCtxFor(model), signal, announce);
      },
    });
  }

  /**
   * One attempt.
   * @param handed told whether text has been handed out
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  async once(
    request: GenerateRequest,
    sink: EventSink<StreamEvent>,
    signal: AbortSignal,
    handed = { out: false },
  ): Promise<GenerationResult> {
    const { choice, destinations } = this.dependencies;
    const model = await choice.model(signal);
    const origins = await destinations.permit(model, signal);
    const attempt = this.make({ request, model, origins, sink, signal });
    this.attempts.add(attempt);
    try {
      return await attempt.run();
    } catch (error) {
      choice.reconsider(error);
      throw error;
    } finally {
      handed.out = attempt.handedOut;
      this.attempts.delete(attempt);
    }
  }

  private make(what: {
    request: GenerateRequest;
    model: string;
    origins: string[];
    sink: EventSink<StreamEvent>;
    signal: AbortSignal;
  }): GenerationAttempt {
    const { settings, guard, transport, api, memory, numCtxFor } = this.dependencies;
    const { request, model, origins, sink, signal } = what;
    const numCtx = numCtxFor(model);
    const attempt: GenerationAttempt = new GenerationAttempt({
      transport,
      memory,
      request: generateFields(settings, request, model, numCtx),
      numCtx,
      signal,
      sink,
      loadedModels: async (s) => (transport.full ? undefined : api.loaded(s)),
      promptSent: () => origins.forEach((origin) => guard.promptSent(origin)),
      behindAnother: () => attempt !== [...this.attempts].find((other) => other.served),
    });
    return attempt;
  }
}
