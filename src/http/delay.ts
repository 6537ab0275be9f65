import { toTimer } from './idleTimer.ts';

/**
 * Waits for a time in milliseconds.
 * @throws the signal's reason as soon as it aborts
 */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, toTimer(ms));
    signal.addEventListener('abort', stop, { once: true });
  });
}
