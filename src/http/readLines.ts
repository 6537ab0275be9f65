import type { ResponseBody } from './body.ts';
import { OllamaError } from './errors.ts';
import type { StreamDecoder } from './garbled.ts';

/** Milliseconds that the end of a response may come after its last line. Later, the connection is closed. */
const endLagMs = 250;

/** How a streamed response is read. */
export interface Reading {
  decoder: StreamDecoder;
  /** Whether the last line has arrived. What follows cannot change the answer. */
  complete: () => boolean;
  /** Resolves when the reader has taken what was delivered. `undefined` when there is no need to wait. */
  taken?: () => Promise<void> | undefined;
  signal: AbortSignal;
  /** The error for a response that ends before its last line, with the cause if it is known. */
  broken: (cause?: unknown) => OllamaError;
}

/**
 * Reads a response of lines until its last one.
 * @throws what the decoder and its reader throw; what `broken` returns; the signal's reason when it aborts
 */
export async function readLines(body: ResponseBody, reading: Reading): Promise<void> {
  const { decoder, complete, taken, signal } = reading;
  try {
    for (;;) {
      const next = nextOf(body, reading);
      const chunk = next instanceof Promise ? await next : next;
      if (chunk === undefined) break;
      decoder.push(chunk);
      if (complete()) return await settled(body);
      const pause = taken?.();
      if (pause) await pause;
    }
    decoder.end();
  } catch (error) {
    if (complete() && !signal.aborted) return;
    throw error;
  }
  if (complete()) return;
  signal.throwIfAborted();
  throw reading.broken();
}

/** The next bytes. A connection error becomes the error of an incomplete response. */
function nextOf(body: ResponseBody, reading: Reading): ReturnType<ResponseBody['next']> {
  try {
    const next = body.next();
    return next instanceof Promise ? next.catch((error: unknown) => fail(error, reading)) : next;
  } catch (error) {
    fail(error, reading);
  }
}

function fail(error: unknown, { signal, broken }: Reading): never {
  throw signal.aborted || error instanceof OllamaError ? error : broken(error);
}

/**
 * Waits briefly for the end of a body, so that its connection can be reused. The answer is already complete.
 */
async function settled(body: ResponseBody): Promise<void> {
  if (body.settled) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, endLagMs)));
  const rest = (async () => {
    while ((await body.next()) !== undefined);
  })();
  await Promise.race([rest, timeout]).finally(() => clearTimeout(timer));
}
