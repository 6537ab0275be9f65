/** Headers by lower-case name. */
export type Headers = Record<string, string>;

/** The used part of `fetch`, common to node-fetch and the built-in one. */
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

/** A request to the API. */
export interface Call {
  method: 'GET' | 'POST' | 'DELETE' | 'HEAD';
  /** Path after the base URL, such as `/api/generate`. */
  path: string;
  /** Sent as JSON. */
  json?: unknown;
  signal: AbortSignal;
  /** Name of the model, for error messages. */
  model?: string;
  /**
   * Most milliseconds for the whole exchange. For requests that are answered at once and may be repeated.
   * Without it, only connecting and silence are limited.
   */
  totalMs?: number;
  /** Called when the request is written to a connection; again when it is sent once more. */
  onConnected?: (() => void) | undefined;
  /** Called when it is certain that the request reaches the server. */
  onReached?: (() => void) | undefined;
}

/** A request that the guard has permitted, with all its headers. */
export type PermittedCall = Call & { headers: Headers };
