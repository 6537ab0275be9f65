/** Headers by lower-case name. */
export type Headers = Record<string, string>;

/** The part of `fetch` that is used: node-fetch's and the built-in one both have it. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

interface FetchInit {
  method: string;
  headers: Headers;
  body?: string;
  signal: AbortSignal;
  redirect: 'manual';
}

export interface FetchResponse {
  status: number;
  headers: { get(name: string): string | null };
  body: unknown;
}

/** One request to the API. */
export interface Call {
  method: 'GET' | 'POST' | 'DELETE' | 'HEAD';
  /** Below the base URL, such as `/api/generate`. */
  path: string;
  /** To be sent as JSON. */
  json?: unknown;
  signal: AbortSignal;
  /** For the sentences of errors. */
  model?: string;
  /**
   * Most milliseconds for the whole exchange, for questions that are answered at once and may be asked twice;
   * without it only connecting and silence are limited.
   */
  totalMs?: number;
  /** Called when there is a connection and the request goes out on it; again when it is sent once more. */
  onConnected?: (() => void) | undefined;
  /** Called when there is no reason any more to doubt that the request reaches the server. */
  onReached?: (() => void) | undefined;
}

/** A request that the user lets go out, with everything that is sent along. */
export type PermittedCall = Call & { headers: Headers };
