import { abortable } from './abortable.ts';
import type { ResponseBody, ResponseBodySource } from './body.ts';
import type { Call, Fetch, FetchResponse, Headers } from './call.ts';
import { OllamaApprovalError, OllamaConnectionError, OllamaError } from './errors.ts';
import { cutStreamError } from './networkErrors.ts';
import type { HttpExchange, Limits } from './exchange.ts';
import { noGuard, type Guard } from './guard.ts';
import { maxLineBytes } from './garbled.ts';
import type { Liveness } from './liveness.ts';
import { poolLimits } from './pool.ts';
import { redirected } from './redirect.ts';
import { requestHeaders } from './requestHeaders.ts';
import { RequestSender } from './requestSender.ts';
import { retryAfterMs } from './retryAfter.ts';
import type { BaseUrl } from './baseUrl.ts';
import { SecretFilter, secretsOfHeader } from './secrets.ts';
import { Semaphore } from './semaphore.ts';
import { localizable, type LocalizableMessage } from './message.ts';

export type { Fetch } from './call.ts';

/** A successful response. Its receiver must read it to the end or stop it. */
export interface StreamedResponse {
  body: ResponseBody;
  /** Closes the connection. */
  stop(): void;
}

/** An unsuccessful response, with everything needed to classify it. */
export interface FailedResponse {
  /** `undefined` for an error line in a stream with status 200. */
  status: number | undefined;
  /** The body as text, or the text of the error line. */
  body: string;
  /** The request, for error messages. */
  origin: string;
  path: string;
  model: string;
  retryAfterMs?: number | undefined;
}

/** What a client knows about its server's errors. The transport itself knows no server texts. */
export interface ServerErrors {
  /** The error for an unsuccessful response. */
  classify(failed: FailedResponse): Promise<OllamaError>;
  /** The error for a response that should be JSON but is not. */
  notJson(origin: string, path: string, cause: unknown): OllamaError;
  /** The message when nothing listens; by default to start the server. */
  nothingAnswers?: (origin: string) => LocalizableMessage;
}

/** What a transport works with. */
export interface TransportOptions {
  base: BaseUrl;
  /** Sent with every request, besides its own headers. */
  headers: Headers | undefined;
  limits: Limits;
  errors: ServerErrors;
  /** Replaces node-fetch. */
  fetch?: Fetch | undefined;
  guard?: Guard | undefined;
  liveness?: Liveness | undefined;
  /** Most connections at once. */
  connections?: number | undefined;
}

/** Abort reason when the reader does not need the rest of a response. */
const notWanted = new OllamaConnectionError(localizable('The rest of the answer was not wanted.'), {
  kind: 'closed',
});
/** Most bytes of an error's text that are read. */
const mostErrorBytes = 64 * 1024;
/** Most milliseconds for reading an error's text; its status is known already. */
const errorBodyMs = 5000;

/** Sends requests to one server over one pool of connections. */
export class Transport {
  readonly origin: string;
  /** Origin and path prefix, as the guard knows it. */
  readonly address: string;
  private readonly headers: Headers;
  private readonly sender: RequestSender;
  private readonly guard: Guard;
  private readonly errors: ServerErrors;
  /** Removes the keys that are sent from what the server says. */
  readonly secrets = new SecretFilter();
  private readonly slots: Semaphore;
  private readonly idleMs: number;

  constructor({ base, headers, limits, errors, fetch, guard, liveness, ...more }: TransportOptions) {
    const { connections = poolLimits.connections } = more;
    this.slots = new Semaphore(connections);
    this.origin = base.origin;
    this.idleMs = limits.idleMs;
    this.address = base.href;
    const { nothingAnswers } = errors;
    this.sender = new RequestSender({ base, limits, fetch, liveness, nothingAnswers, connections });
    this.headers = requestHeaders(headers, base.authorization);
    this.errors = errors;
    const own = { ...headers, ...(base.authorization ? { authorization: base.authorization } : {}) };
    this.secrets.add(Object.entries(own).flatMap(([name, value]) => secretsOfHeader(name, value)));
    this.guard = guard ?? noGuard;
  }

  /** Whether every connection is in use, so that a request has to wait. */
  get full(): boolean {
    return this.slots.full;
  }

  /** Closes all connections. Resolves when they are closed. A later request opens a new pool. */
  async close(): Promise<void> {
    await this.sender.close();
  }

  /**
   * Sends a request and waits for the headers of a successful response.
   * @throws OllamaApprovalError before anything is sent to a server that the user has not approved;
   * OllamaError of the matching class; the signal's reason when it aborts
   */
  async send(call: Call): Promise<StreamedResponse> {
    call.signal.throwIfAborted();
    const release = await this.slots.acquire(call.signal);
    try {
      const headers = await this.permittedHeaders(call.signal);
      const { response, exchange } = await this.sender.send({ ...call, headers });
      return await this.accept(call, response, exchange, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Sends a request and reads the whole response.
   * @throws what `send` throws, and OllamaProtocolError when the response is incomplete or not JSON
   */
  async json(call: Call): Promise<unknown> {
    const text = await this.text(call);
    try {
      return this.secrets.value(JSON.parse(firstLine(text)));
    } catch {
      // The parser's own message would quote the response.
      throw this.errors.notJson(this.origin, call.path, new SyntaxError('The answer is not JSON.'));
    }
  }

  /** Like `json`, for plain text. */
  async text(call: Call): Promise<string> {
    const response = await this.send(call);
    const chunks: Uint8Array[] = [];
    try {
      await readInto(chunks, response.body, maxLineBytes);
      return toText(chunks);
    } catch (error) {
      throw error instanceof OllamaError || call.signal.aborted ? error : cutStreamError(this.origin, error);
    } finally {
      response.stop();
    }
  }

  /** Checked for each request, because the user may change the decision. */
  private async permittedHeaders(signal: AbortSignal): Promise<Headers> {
    this.assertApproved();
    const key = await abortable(this.guard.apiKey(this.address), signal);
    // Reading the key may take time, and the user may have changed the decision meanwhile.
    this.assertApproved();
    if (key !== undefined) this.secrets.add([key]);
    return key === undefined ? this.headers : { ...this.headers, authorization: `Bearer ${key}` };
  }

  private assertApproved(): void {
    if (!this.guard.mayContact(this.address)) throw new OllamaApprovalError(this.address);
  }

  private async accept(
    call: Call,
    response: FetchResponse,
    exchange: HttpExchange,
    release: () => void,
  ): Promise<StreamedResponse> {
    exchange.onEnded = release;
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status <= 399 && location !== null) {
      exchange.stop(notWanted);
      throw redirected(this.address + call.path, location, response.status, (text) =>
        this.secrets.text(text),
      );
    }
    const body = exchange.read(response.body as ResponseBodySource);
    if (response.status === 200) return { body, stop: () => exchange.stop(notWanted) };
    exchange.limitTotal(Math.min(errorBodyMs, this.idleMs));
    const chunks: Uint8Array[] = [];
    // If the body is incomplete or never ends, its beginning is enough.
    await readInto(chunks, body, mostErrorBytes).catch(() => call.signal.throwIfAborted());
    exchange.stop(notWanted);
    throw await this.errors.classify({
      status: response.status,
      body: this.secrets.text(toText(chunks)),
      origin: this.origin,
      path: call.path,
      model: call.model ?? '',
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
    });
  }
}

/** The first line of a response that came as a stream although none was requested: it says what happened. */
function firstLine(text: string): string {
  const trimmed = text.trimStart();
  const end = trimmed.indexOf('\n');
  return end > 0 && /[}\]]\s*$/.test(trimmed.slice(0, end)) ? trimmed.slice(0, end) : trimmed;
}

/** Reads the body to its end, or until there are `most` bytes. */
async function readInto(chunks: Uint8Array[], body: ResponseBody, most: number): Promise<void> {
  let size = 0;
  for (let chunk = await body.next(); chunk !== undefined && size < most; chunk = await body.next()) {
    chunks.push(chunk);
    size += chunk.length;
  }
}

function toText(chunks: Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
