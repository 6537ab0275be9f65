import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRawServer, type RawRequest, type RawServer } from './rawServer.ts';
import type { Recording } from './recordings.ts';

export interface ReplayOptions {
  /**
   * 1 replays in the recorded time, 2 in half of it; 0, the default, as fast as possible but with the same
   * writes.
   */
  speed?: number;
  /** Ends the recorded response (head included) after this many bytes. */
  cutAfter?: number;
  /** How a cut ends; `close` by default. */
  cutHow?: 'close' | 'reset';
  host?: string;
  port?: number;
}

export interface Replay extends RawServer {
  /** For the next requests, so that one server can be used for many cuts. */
  options: ReplayOptions;
}

/**
 * Answers with recorded bytes in their recorded chunks, and ends as recorded. Of several recordings, the one
 * that best fits method, path, headers and body answers; a request that fits none gets a 501.
 */
export async function startReplay(
  recordings: Recording | Recording[],
  options: ReplayOptions = {},
): Promise<Replay> {
  const all = [recordings].flat();
  const replay = { options };
  const server = await startRawServer(async (socket, request) => {
    const recording = bestMatch(all, request);
    if (recording) await play(socket, recording, replay.options);
    else socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }, options);
  return Object.assign(replay, server, { connections: server.connections });
}

/** Method and path must be equal; of those, the one with the most equal headers and the most similar body. */
function bestMatch(recordings: Recording[], request: RawRequest): Recording | undefined {
  const candidates = recordings.filter(
    ({ request: { method, path } }) => method === request.method && path === request.path,
  );
  return candidates.toSorted((one, other) => score(other, request) - score(one, request))[0];
}

function score(recording: Recording, request: RawRequest): number {
  const { body = '', headers = {}, host } = recording.request;
  const sent = (name: string, value: string): boolean => request.headers[name.toLowerCase()] === value;
  const misfit =
    Object.entries(headers).some(([name, value]) => !sent(name, value)) ||
    (host !== undefined && !sent('host', host));
  if (misfit) return -1;
  return (body === request.body ? 100 : commonFields(body, request.body)) + Object.keys(headers).length;
}

/** Number of fields in the recorded body that the request has with the same value. */
function commonFields(recorded: string, sent: string): number {
  try {
    const [one, other] = [JSON.parse(recorded), JSON.parse(sent)] as Record<string, unknown>[];
    return Object.entries(one!).filter(
      ([name, value]) => JSON.stringify(other![name]) === JSON.stringify(value),
    ).length;
  } catch {
    return 0;
  }
}

async function play(socket: Socket, { response }: Recording, options: ReplayOptions): Promise<void> {
  const { speed = 0, cutAfter = Infinity } = options;
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  try {
    let left = cutAfter;
    let now = 0;
    for (const [ms, text] of response.chunks) {
      await pause(speed === 0 ? 0 : (ms - now) / speed, gone.signal);
      now = ms;
      const bytes = Buffer.from(text).subarray(0, left);
      await written(socket, bytes);
      left -= bytes.length;
      if (left === 0) return breakOff(socket, options.cutHow ?? 'close');
    }
    await pause(speed === 0 ? 0 : (response.endMs - now) / speed, gone.signal);
    socket.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** Even the shortest pause is a turn of the event loop, so that the next write is a separate packet. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal });
  else await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Resolves when the system has the bytes, so that a later reset does not discard them. */
function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}

function breakOff(socket: Socket, how: 'close' | 'reset'): void {
  if (how === 'reset') socket.resetAndDestroy();
  else socket.end();
}
