import type { ResponseBody } from './body.ts';
import { OllamaError } from './errors.ts';
import type { NdjsonDecoder } from './ndjson.ts';

/** Milliseconds that the end of an answer may lag behind its last line before the connection is given up. */
const endLagMs = 250;

/** How a streamed answer is read. */
export interface Reading {
  decoder: NdjsonDecoder;
  /** Whether the last line has come: what comes after it cannot change the answer any more. */
  complete: () => boolean;
  /** Resolves when the reader has taken what was handed out; `undefined` when it need not be waited for. */
  taken?: () => Promise<void> | undefined;
  signal: AbortSignal;
  /** The error for an answer that ends before its last line, and why, where that is known. */
  broken: (cause?: unknown) => OllamaError;
}

/**
 * Reads an answer of lines until its last one.
 * @throws what the decoder and its reader throw; what `broken` makes; the signal's reason when it aborts
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

/** What has arrived; the failures of a connection become the errors of an answer that broke off. */
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

/** Waits until a body has ended, so that its connection can be used again; not for long, the answer is whole. */
async function settled(body: ResponseBody): Promise<void> {
  if (body.settled) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, endLagMs)));
  const rest = (async () => {
    while ((await body.next()) !== undefined);
  })();
  await Promise.race([rest, patience]).finally(() => clearTimeout(timer));
}
