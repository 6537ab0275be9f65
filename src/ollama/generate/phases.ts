import { delay } from '../../http/delay.ts';
import type { LoadedModel } from '../../http/client/models.ts';
import type { Phase } from '../../http/client/generation.ts';
import { sameModel } from '../modelName.ts';

/** Milliseconds without headers before the server's state is requested. A warm model is faster. */
const firstPollMs = 400;
/** Milliseconds between two requests: the first interval, the longest, and the growth between them. */
const poll = { firstMs: 500, mostMs: 3000, growth: 1.5 };

/**
 * Reports the phases before the headers, which come only with the first token. Until then `/api/ps` is
 * polled; it does not list a model that is still loading.
 */
export async function watchPhases(watch: {
  model: string;
  /** `undefined` when the server does not answer just now. */
  loadedModels: (signal: AbortSignal) => Promise<LoadedModel[] | undefined>;
  /** Whether the server still works on an earlier generation of ours; it runs one at a time. */
  behindAnother: () => boolean;
  tell: (phase: Phase) => void;
  signal: AbortSignal;
}): Promise<void> {
  try {
    await delay(firstPollMs, watch.signal);
    for (let wait = poll.firstMs; ; wait = Math.min(wait * poll.growth, poll.mostMs)) {
      const loaded = await watch.loadedModels(watch.signal).catch(() => undefined);
      if (watch.signal.aborted) return;
      if (loaded) watch.tell(phaseOf(watch.model, loaded, watch.behindAnother()));
      await delay(wait, watch.signal);
    }
  } catch {
    // The headers have arrived, or the request has ended: both abort the signal.
  }
}

function phaseOf(model: string, loaded: LoadedModel[], behindAnother: boolean): Phase {
  if (!loaded.some(({ name }) => sameModel(name, model))) return 'loading';
  return behindAnother ? 'queued' : 'reading';
}
