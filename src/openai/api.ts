import { OllamaError, OllamaProtocolError } from '../http/errors.ts';
import { isFields } from '../http/json.ts';
import { localizable } from '../http/message.ts';
import type { Transport } from '../http/transport.ts';
import type { Slots } from '../http/client/capabilities.ts';
import { readModels, type ListedModel } from './models.ts';
import { readProps, readSlots, type ServerProps } from './serverProps.ts';

/** Time limit in milliseconds for requests that a server answers at once. */
const shortCallMs = 5000;
/** The same for what is only shown, or used if it is there. */
const factMs = 2000;

/**
 * The requests of the protocol with one short answer. All of them throw OllamaError or the signal's reason.
 */
export class OpenAIApi {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  async models(signal: AbortSignal): Promise<ListedModel[]> {
    const path = '/v1/models';
    const models = readModels(await this.get(path, signal));
    // For a different program, an empty list would wrongly mean "there is no model".
    if (!models) throw notOpenAI(this.transport.origin, path);
    return models;
  }

  /** llama-server's facts about itself. */
  async props(signal: AbortSignal): Promise<ServerProps> {
    const props = await this.get('/props', signal, factMs);
    return readProps(isFields(props) ? props : {});
  }

  /** How busy llama-server is. */
  async slots(signal: AbortSignal): Promise<Slots | undefined> {
    return readSlots(await this.get('/slots', signal, factMs));
  }

  /** The number of tokens of a text, counted by llama-server. */
  async countTokens(model: string, content: string, signal: AbortSignal): Promise<number | undefined> {
    const answer = await this.post('/tokenize', { model, content, add_special: true }, signal);
    return isFields(answer) && Array.isArray(answer['tokens']) ? answer['tokens'].length : undefined;
  }

  /** Makes llama-server's router load or unload a model. It answers at once. */
  async change(what: 'load' | 'unload', model: string, signal: AbortSignal): Promise<void> {
    await this.post(`/models/${what}`, { model }, signal);
  }

  /** For example `0.11.0`; empty when the server does not report it. */
  async version(signal: AbortSignal): Promise<string> {
    const answer = await this.get('/version', signal, factMs);
    return isFields(answer) && typeof answer['version'] === 'string' ? answer['version'] : '';
  }

  /** Whether the server reports that it is still starting. */
  async isLoading(signal: AbortSignal): Promise<boolean> {
    try {
      await this.transport.text({ method: 'GET', path: '/health', signal, totalMs: shortCallMs });
      return false;
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof OllamaError && error.status === 503;
    }
  }

  private get(path: string, signal: AbortSignal, totalMs = shortCallMs): Promise<unknown> {
    return this.transport.json({ method: 'GET', path, signal, totalMs });
  }

  private post(path: string, json: object, signal: AbortSignal): Promise<unknown> {
    return this.transport.json({ method: 'POST', path, json, signal, totalMs: shortCallMs });
  }
}

function notOpenAI(origin: string, path: string): OllamaProtocolError {
  const message = localizable(
    'What answers at {0} does not look like a server of language models (no models in {1}): check the address.',
    origin,
    path,
  );
  return new OllamaProtocolError(message, { kind: 'notOllama' });
}
