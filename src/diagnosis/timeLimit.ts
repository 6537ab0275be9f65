import { setMaxListeners } from 'node:events';

/** Abort reason when a time limit of the diagnosis is reached. */
export class TimeIsOver extends Error {}

/** Milliseconds that work has after a time limit to tell what it has found so far. */
const graceMs = 500;

/** Runs with a signal that aborts with the outer one, and with {@link TimeIsOver} after the time limit. */
export async function withLimit<T>(
  ms: number,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  // All requests to all addresses listen to this signal.
  setMaxListeners(0, controller.signal);
  const onAbort = (): void => controller.abort(outer.reason);
  outer.addEventListener('abort', onAbort, { once: true });
  if (outer.aborted) onAbort();
  const timer = setTimeout(() => controller.abort(new TimeIsOver()), ms);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
  }
}

/**
 * The result of work that may ignore its signal, such as reading a file on a network drive.
 * @returns `instead` when the work has not ended soon after the time limit
 * @throws what the work throws; at once the signal's reason when it aborts with anything but {@link TimeIsOver}
 */
export function orInstead<T>(work: Promise<T>, signal: AbortSignal, instead: T): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      if (!(signal.reason instanceof TimeIsOver)) return reject(signal.reason as Error);
      timer = setTimeout(() => resolve(instead), graceMs);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    });
  });
}
