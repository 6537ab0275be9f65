import { GenerationRunner, type Generation, type Recovery } from '../../http/client/generationRunner.ts';
import type { OllamaError } from '../../http/errors.ts';
import type { GenerationAttempt } from './attempt.ts';
import type { ClientContext } from './context.ts';
import { isOutOfMemory } from './recovery.ts';

/** Creates the runner for the generations of one client. */
export function newGenerationRunner(context: ClientContext): GenerationRunner {
  // The attempts in progress, oldest first.
  const running = new Set<GenerationAttempt>();
  return new GenerationRunner(
    context.log,
    async (generation) => {
      // Loaded by the first generation, not by the activation of the extension.
      const { GenerationAttempt } = await import('./attempt.ts');
      return new GenerationAttempt(context, generation, running);
    },
    recoveryOf(context),
  );
}

/**
 * Loads the model with a smaller context window. Announces each size before it is tried. Ends because the
 * sizes only get smaller.
 */
function recoveryOf({ models, recovery }: ClientContext): Recovery {
  return {
    helpsAfter: isOutOfMemory,
    run: async ({ request, sink, signal }: Generation, attempt: number, error: OllamaError) => {
      const model = await models.selector.model(signal, request.model);
      await recovery.run(model, models.numCtxFor(model), signal, (numCtx) =>
        sink.push({ type: 'retry', attempt, delayMs: 0, error, numCtx }),
      );
    },
  };
}
