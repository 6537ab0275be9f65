import { classifyResponse } from '../errors/serverErrors.ts';
import { OllamaProtocolError } from '../../http/errors.ts';
import { runnerFields } from './requestBody.ts';
import type { LoadedModel, ModelSummary } from '../../http/client/models.ts';
import { readInstalled, readLoaded, readTrainedLength } from './models.ts';
import { localizable } from '../../http/message.ts';
import type { OllamaSettings } from '../../http/client/settings.ts';
import type { Transport } from '../../http/transport.ts';
import { errorText, isFields } from '../../http/json.ts';
import type { WireGenerateRequest } from './wire.ts';

/** Time limit in milliseconds for requests that a server answers at once, even while it loads a model. */
const shortCallMs = 5000;

/**
 * The requests of Ollama's API with one short answer. All of them throw OllamaError or the signal's reason.
 */
export class Api {
  private readonly transport: Transport;
  private readonly settings: OllamaSettings;
  /** Called with every list of the installed models. */
  onInstalled: (models: readonly ModelSummary[]) => void = () => undefined;

  constructor(transport: Transport, settings: OllamaSettings) {
    this.transport = transport;
    this.settings = settings;
  }

  /** Scheme, host and port of the server. */
  get origin(): string {
    return this.transport.origin;
  }

  /** Origin and path prefix of the server. */
  get address(): string {
    return this.transport.address;
  }

  /** `GET /`: resolves when the server answers 200. */
  async ping(signal: AbortSignal): Promise<void> {
    await this.transport.text({ method: 'GET', path: '/', signal, totalMs: shortCallMs });
  }

  /** For example `0.33.0`; empty when the server does not report it. */
  async version(signal: AbortSignal): Promise<string> {
    const response = await this.get('/api/version', signal);
    return isFields(response) && typeof response['version'] === 'string' ? response['version'] : '';
  }

  async installed(signal: AbortSignal): Promise<ModelSummary[]> {
    const path = '/api/tags';
    const response = await this.get(path, signal);
    // For a server that is not Ollama, an empty list would wrongly mean "no model is installed".
    if (!isFields(response) || !('models' in response)) throw notOllama(this.transport.origin, path);
    const models = readInstalled(response);
    this.onInstalled(models);
    return models;
  }

  async loaded(signal: AbortSignal): Promise<LoadedModel[]> {
    return readLoaded(await this.get('/api/ps', signal));
  }

  /** Loads the model with an empty prompt. Resolves when it is loaded. */
  async load(model: string, numCtx: number, signal: AbortSignal): Promise<void> {
    await this.post({ ...runnerFields(this.settings, model, numCtx), prompt: '', stream: false }, signal);
  }

  /** Resolves at once; the server unloads the model afterwards. */
  async unload(model: string, signal: AbortSignal): Promise<void> {
    await this.post({ model, prompt: '', keep_alive: 0, stream: false }, signal);
  }

  /** The context length of a model's training in tokens; 0 when the server does not report it. */
  async trainedLength(model: string, signal: AbortSignal): Promise<number> {
    return readTrainedLength(await this.show(model, signal));
  }

  /**
   * The whole answer of `/api/show` about a model. With `verbose` it contains every token, which is
   * megabytes.
   */
  async show(model: string, signal: AbortSignal, verbose = false): Promise<unknown> {
    const json = verbose ? { model, verbose } : { model };
    const call = { method: 'POST' as const, path: '/api/show', json, signal, model };
    return this.transport.json({ ...call, totalMs: shortCallMs });
  }

  /** The facts in a model's file, including its tokens; empty when the server does not report them. */
  async modelInfo(model: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    const shown = await this.show(model, signal, true);
    const info = isFields(shown) ? shown['model_info'] : undefined;
    return isFields(info) ? info : {};
  }

  /** Resolves when the files are deleted, which may take a while. The answer is empty. */
  async delete(model: string, signal: AbortSignal): Promise<void> {
    await this.transport.text({ method: 'DELETE', path: '/api/delete', json: { model }, signal, model });
  }

  private get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.transport.json({ method: 'GET', path, signal, totalMs: shortCallMs });
  }

  /** A request whose answer has no text. A response with status 200 may contain an error line. */
  private async post(json: WireGenerateRequest, signal: AbortSignal): Promise<void> {
    const { model } = json;
    const path = '/api/generate';
    const response = await this.transport.json({ method: 'POST', path, json, signal, model });
    if (!isFields(response) || !('error' in response)) return;
    throw await classifyResponse({
      status: undefined,
      body: errorText(response['error']),
      origin: this.transport.origin,
      path,
      model,
    });
  }
}

function notOllama(origin: string, path: string): OllamaProtocolError {
  const message = localizable(
    'What answers at {0} does not look like a server of language models (no models in {1}): check the address.',
    origin,
    path,
  );
  return new OllamaProtocolError(message, { kind: 'notOllama' });
}
