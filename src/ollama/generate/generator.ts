import { generateFields, type Api } from '../api/api.ts';
import { Attempt } from './attempt.ts';
import type { Destinations } from './destinations.ts';
import type { GenerateRequest, GenerationResult, StreamPart } from '../generation.ts';
import type { Guard } from '../../http/guard.ts';
import type { Logger } from '../../http/logger.ts';
import type { ModelChoice } from './modelSelector.ts';
import type { ModelMemory } from './modelStats.ts';
import type { Sink } from '../../http/asyncQueue.ts';
import type { Recovery } from './recovery.ts';
import type { RetryPolicy } from './retry.ts';
import { withRetries } from './runWithRetries.ts';
import type { OllamaSettings } from '../settings.ts';
import type { Transport } from '../../http/transport.ts';

/** What generating needs from the client. */
export interface GeneratingParts {
  settings: OllamaSettings;
  log: Logger;
  guard: Guard;
  transport: Transport;
  api: Api;
  memory: ModelMemory;
  choice: ModelChoice;
  recovery: Recovery;
  destinations: Destinations;
  numCtxFor: (model: string) => number;
}

/** Makes attempts at answers: one, or as many as a policy allows. */
export class Generating {
  private readonly parts: GeneratingParts;
  private readonly attempts = new Set<Attempt>();

  constructor(parts: GeneratingParts) {
    this.parts = parts;
  }

  /** @throws OllamaError with the partial text; the signal's reason when it aborts */
  async withRetries(
    request: GenerateRequest,
    policy: RetryPolicy,
    sink: Sink<StreamPart>,
    signal: AbortSignal,
  ): Promise<GenerationResult> {
    const { log, choice, recovery, numCtxFor } = this.parts;
    return withRetries({
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
    sink: Sink<StreamPart>,
    signal: AbortSignal,
    handed = { out: false },
  ): Promise<GenerationResult> {
    const { choice, destinations } = this.parts;
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
    sink: Sink<StreamPart>;
    signal: AbortSignal;
  }): Attempt {
    const { settings, guard, transport, api, memory, numCtxFor } = this.parts;
    const { request, model, origins, sink, signal } = what;
    const numCtx = numCtxFor(model);
    const attempt: Attempt = new Attempt({
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
