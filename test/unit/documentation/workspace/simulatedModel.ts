import { orAborted } from '../../../../src/documentation/workspace/gate.ts';
import type { PageModel } from '../../../../src/documentation/workspace/pageModel.ts';
import { OllamaError, type GenerationResult, type StreamEvent } from '../../../../src/ollama/index.ts';

export function resultOf(text: string): GenerationResult {
  return {
    text,
    thinking: '',
    toolCalls: [],
    model: 'tiny:latest',
    promptTokens: 10,
    completionTokens: 10,
    totalTokens: 20,
    totalDurationMs: 1,
    loadDurationMs: 0,
    promptDurationMs: 0,
    tokensPerSecond: 10,
    doneReason: 'stop',
    numCtx: 4096,
  };
}

/** A model that answers every request at once with the same text. */
export function modelThatAnswers(text: string): PageModel {
  return {
    budget: async () => ({ model: 'tiny:latest', numCtx: 4096, numPredict: 512, charsPerToken: 3 }),
    isReachable: async () => true,
    continues: async () => false,
    write: async (_request, onEvent) => {
      onEvent({ type: 'text', text });
      return resultOf(text);
    },
  };
}

/** Time that passes only when there is nothing else to do. */
export class VirtualTime {
  now = 0;
  private readonly timers = new Map<number, (() => void)[]>();

  wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const at = this.now + Math.ceil(ms);
    this.timers.set(at, [...(this.timers.get(at) ?? []), resolve]);
    return promise;
  }

  /**
   * Lets time pass until the work is done.
   * @param isIdle whether nothing can continue without time passing
   */
  async run<T>(work: Promise<T>, isIdle: () => boolean): Promise<T> {
    const state = { isDone: false };
    void work.finally(() => (state.isDone = true));
    while (!state.isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isIdle()) continue;
      const at = Math.min(...this.timers.keys());
      if (at === Infinity) continue;
      this.now = at;
      const due = this.timers.get(at)!;
      this.timers.delete(at);
      for (const resolve of due) resolve();
    }
    return work;
  }
}

const readingMs = 200;
const pieces = 10;

/**
 * A server with slots in virtual time. Each slot writes at the same speed; a request without a free slot
 * waits.
 */
export class SlotServer {
  /** Milliseconds of work, summed over all slots. */
  busyMs = 0;
  /** Most requests at the same time. */
  most = 0;
  private free: number;
  /** Requests that are here now. */
  present = 0;
  private readonly queue: (() => void)[] = [];
  private readonly time: VirtualTime;
  private readonly duration: () => number;
  private readonly mostWaiting: number;
  /** Requests that were refused because too many waited. */
  refused = 0;

  /** @param mostWaiting requests that may wait; a further one is refused */
  constructor(time: VirtualTime, slots: number, duration: () => number, mostWaiting = Infinity) {
    this.time = time;
    this.free = slots;
    this.duration = duration;
    this.mostWaiting = mostWaiting;
  }

  /** @param begin start of every page */
  model(begin: string): PageModel {
    return {
      budget: async () => ({ model: 'tiny:latest', numCtx: 4096, numPredict: 512, charsPerToken: 3 }),
      isReachable: async () => true,
      continues: async () => false,
      write: async ({ signal }, onEvent) => {
        if (this.free === 0 && this.queue.length >= this.mostWaiting) {
          this.refused++;
          throw new OllamaError('Too many requests.', { kind: 'busy', status: 429 });
        }
        this.most = Math.max(this.most, ++this.present);
        if (this.free === 0) await new Promise<void>((resolve) => this.queue.push(resolve));
        else this.free--;
        try {
          return await this.answer(begin, signal, onEvent);
        } finally {
          this.present--;
          const next = this.queue.shift();
          if (next) next();
          else this.free++;
        }
      },
    };
  }

  private async answer(
    begin: string,
    signal: AbortSignal,
    onEvent: (event: StreamEvent) => void,
  ): Promise<GenerationResult> {
    const ms = this.duration();
    // The prompt is read first, always in the same time. The rest of the time depends on the text.
    await orAborted(this.time.wait(readingMs), signal);
    const text = `${begin}${'.'.repeat(ms - readingMs)}`;
    const length = Math.ceil(text.length / pieces);
    for (let piece = 0; piece < pieces; piece++) {
      await orAborted(this.time.wait((ms - readingMs) / pieces), signal);
      onEvent({ type: 'text', text: text.slice(piece * length, (piece + 1) * length) });
    }
    this.busyMs += ms;
    return resultOf(text);
  }
}
