import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultSettings } from './defaults.ts';
import { sendProblem, type Exchange } from './exchange.ts';
import { replaceAnswer } from './faultResponses.ts';
import { spoil, type Fault } from './faults.ts';
import { Gates, type Gate, type HoldPoint, type RequestMatch } from './gates.ts';
import { tagged } from './models.ts';
import { Broken, HttpOutput, type Output } from './output.ts';
import { inProtocol } from './openai/errorEvent.ts';
import { Problem } from './problems.ts';
import { RecordedRequest } from './record.ts';
import { RequestLog } from './requestLog.ts';
import { route } from './router.ts';
import { Connections } from './connections.ts';
import { Scheduler, type LoadEvent } from './scheduler.ts';
import type { DoubleOptions, DoubleSettings, ModelSpec } from './types.ts';

interface Planned {
  match: RequestMatch;
  fault: Fault;
  used: (request: RecordedRequest) => void;
}

/** A model in memory, as tests see it. */
export interface LoadedModel {
  name: string;
  numCtx: number;
  sizeBytes: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Starts a double of the Ollama server on 127.0.0.1, on a free port unless one is given. */
export async function startDouble(options: DoubleOptions = {}): Promise<OllamaDouble> {
  const double = new OllamaDouble(options);
  await double.start();
  return double;
}

/** A server that behaves like Ollama 0.33 and is controlled by a test. */
export class OllamaDouble {
  /** All requests in order, from the start of the double to its end. */
  get requests(): readonly RecordedRequest[] {
    return this.#log.requests;
  }

  readonly settings: DoubleSettings;
  readonly #host: string;
  readonly #gates = new Gates();
  readonly #log = new RequestLog();
  readonly #connections = new Connections();
  readonly #running = new Set<AbortController>();
  #scheduler: Scheduler;
  #faults: Planned[] = [];
  #server: Server | undefined;
  #port: number;

  constructor({ host = '127.0.0.1', port = 0, ...settings }: DoubleOptions = {}) {
    this.#host = host;
    this.#port = port;
    this.settings = { ...defaultSettings, ...settings };
    this.#scheduler = new Scheduler(this.settings, this.#gates);
  }

  get port(): number {
    return this.#port;
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.#port}`;
  }

  /** Connections opened in total, and open now. */
  get connections(): { readonly total: number; readonly open: number } {
    return this.#connections;
  }

  /** Closes all open connections, as a server does with idle ones, and keeps listening. */
  dropConnections(how: 'close' | 'reset' = 'close'): void {
    this.#connections.dropAll(how);
  }

  waitForNoConnections(): Promise<void> {
    return this.#connections.none();
  }

  /** Every load finished since the start. */
  get loads(): readonly LoadEvent[] {
    return this.#scheduler.loads;
  }

  loaded(): LoadedModel[] {
    const names = this.#scheduler.loaded();
    return names.map(({ model, numCtx, sizeBytes, expiresAt }) => ({
      name: model.name,
      numCtx,
      sizeBytes,
      expiresAt,
    }));
  }

  /** Unloads a model after its current work. */
  unload(name: string): void {
    this.#scheduler.expire(tagged(name));
  }

  /** The model's process dies: running answers fail with the server's error, and the model is unloaded. */
  killRunner(name: string): void {
    this.#scheduler.kill(tagged(name));
  }

  setModels(models: ModelSpec[]): void {
    this.settings.models = models;
  }

  /** Changes settings for later requests. */
  set(settings: Partial<DoubleSettings>): void {
    Object.assign(this.settings, settings);
  }

  /** The next matching request that was not returned before. One that has already arrived counts. */
  nextRequest(match?: RequestMatch): Promise<RecordedRequest> {
    return this.#log.next(match);
  }

  /** Forgets all finished requests, to save memory in long runs. */
  forgetRequests(): void {
    this.#log.forget();
  }

  /** Holds requests at a point until the gate is released. */
  hold(point: HoldPoint, match?: RequestMatch): Gate {
    return this.#gates.hold(point, match);
  }

  /**
   * Applies a fault to the next (matching) request, and resolves with it. Faults are used in the order of the
   * calls.
   */
  faultNext(fault: Fault): Promise<RecordedRequest>;
  faultNext(match: RequestMatch, fault: Fault): Promise<RecordedRequest>;
  faultNext(first: Fault | RequestMatch, second?: Fault): Promise<RecordedRequest> {
    const [match, fault] = typeof first === 'function' ? [first, second!] : [() => true, first];
    return new Promise((used) => this.#faults.push({ match, fault, used }));
  }

  /** Starts again after `stop`, on the same port, with nothing loaded. */
  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
      void this.#receive(request, response);
    });
    server.headersTimeout = 0;
    // A client that disconnects during a request is not an error.
    server.on('clientError', (_, socket) => socket.destroy());
    server.on('connection', (socket) => this.#connections.add(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Like a killed server: all connections close, the port refuses, nothing stays loaded. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const running of this.#running) running.abort(new Broken());
    this.#scheduler.reset();
    this.#connections.destroyAll();
    await closed;
    this.#scheduler = new Scheduler(this.settings, this.#gates);
  }

  /** Closes everything. Pending waits for a request are rejected. */
  async close(): Promise<void> {
    this.#gates.releaseAll();
    await this.stop();
    this.#log.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    if (body === undefined) return;
    const gone = new AbortController();
    const output = new HttpOutput(response, gone.signal);
    const request = new RecordedRequest(
      {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        bodyText: body,
        connectionId: this.#connections.idOf(incoming.socket),
      },
      output,
    );
    output.onHead = (status) => (request.status = status);
    this.#running.add(gone);
    this.#watch(response, request, output, gone);
    this.#log.add(request);
    await this.#answer(request, output, gone.signal);
  }

  #watch(
    response: ServerResponse,
    request: RecordedRequest,
    output: HttpOutput,
    gone: AbortController,
  ): void {
    response.once('close', () => {
      this.#running.delete(gone);
      const failed = output.broken || gone.signal.aborted || (request.status ?? 0) >= 400;
      const complete = response.writableFinished || output.broken || gone.signal.aborted;
      request.enter(!complete ? 'cancelled' : failed ? 'failed' : 'done');
      gone.abort(new Broken());
      request.noteClosed();
    });
  }

  async #answer(request: RecordedRequest, output: HttpOutput, signal: AbortSignal): Promise<void> {
    const fault = this.#takeFault(request);
    try {
      const spoiled = fault ? spoil(output, inProtocol(fault, this.settings.protocol), signal) : output;
      if (spoiled) await this.#serve(request, spoiled, signal);
      else await replaceAnswer(output, fault!, () => this.stop());
    } catch (error) {
      // At a gate, in a delay or in a write, this error means that the client has disconnected.
      if (!signal.aborted && !output.broken && !(error instanceof Broken)) throw error;
    }
  }

  async #serve(request: RecordedRequest, output: Output, signal: AbortSignal): Promise<void> {
    const { settings } = this;
    const exchange: Exchange = {
      request,
      output,
      signal,
      settings,
      scheduler: this.#scheduler,
      gates: this.#gates,
    };
    try {
      await route(exchange);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await sendProblem(exchange, error);
    }
  }

  #takeFault(request: RecordedRequest): Fault | undefined {
    const index = this.#faults.findIndex(({ match }) => match(request));
    const planned = index < 0 ? undefined : this.#faults.splice(index, 1)[0];
    planned?.used(request);
    return planned?.fault;
  }
}

/** Undefined when the client disconnected. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
