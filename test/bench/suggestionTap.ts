import type { StreamingClient } from '../../src/completion/request.ts';

/** A client that counts the requests of suggestions, and what the server had to read for the last one. */
export interface CountingClient extends StreamingClient {
  count: number;
  /** As reported by the server. */
  lastReadSeconds: number;
}

export function suggestionRequests(client: StreamingClient): CountingClient {
  const tap: CountingClient = {
    count: 0,
    lastReadSeconds: 0,
    async *stream(request) {
      tap.count++;
      const result = yield* client.stream(request);
      tap.lastReadSeconds = result.promptDurationMs / 1000;
      return result;
    },
  };
  return tap;
}
