import { delay } from '../../http/delay.ts';
import type { LoadedModel } from '../../http/client/models.ts';
import type { Phase } from '../../http/client/generation.ts';
import { sameModel } from '../modelName.ts';

/** Milliseconds of silence after which the server is asked what it does: a warm model is faster than that. */
const firstLookMs = 400;
/** Milliseconds between looks: first, and at most (they grow, because a long load needs no stopwatch). */
const look = { firstMs: 500, mostMs: 3000, growth: 1.5 };

/**
 * Tells the phases before the headers, which come only with the first token: `/api/ps` answers meanwhile, and
 * does not list a model that is still being loaded.
 */
export async function watchPhases(watch: {
  model: string;
  /** `undefined` when the server cannot be asked just now. */
  loadedModels: (signal: AbortSignal) => Promise<LoadedModel[] | undefined>;
  /** Whether the server has an earlier generation of ours to work on; it does one after the other. */
  behindAnother: () => boolean;
  tell: (phase: Phase) => void;
  signal: AbortSignal;
}): Promise<void> {
  try {
    await delay(firstLookMs, watch.signal);
    for (let wait = look.firstMs; ; wait = Math.min(wait * look.growth, look.mostMs)) {
      const loaded = await watch.loadedModels(watch.signal).catch(() => undefined);
      if (watch.signal.aborted) return;
      if (loaded) watch.tell(phaseOf(watch.model, loaded, watch.behindAnother()));
      await delay(wait, watch.signal);
    }
  } catch {
    // The headers have come, or the request has ended: both abort the signal.
  }
}

function phaseOf(model: string, loaded: LoadedModel[], behindAnother: boolean): Phase {
  if (!loaded.some(({ name }) => sameModel(name, model))) return 'loading';
  return behindAnother ? 'queued' : 'reading';
}
