import type { ModelSummary } from '../http/client/models.ts';
import { isModelName } from '../http/client/plainName.ts';
import { isFields, type Fields } from '../http/json.ts';

/** A model in a server's list. */
export interface ListedModel {
  summary: ModelSummary;
  /** Other names of the model. */
  aliases: readonly string[];
  /** Tokens of its context window; 0 when the server does not report it. */
  windowTokens: number;
  /** The server's own name in its list: `llamacpp`, `vllm`. */
  ownedBy: string;
  /** Whether the list says that the model can call tools. */
  tools?: boolean;
  /** In the list of llama-server's router, which loads models when they are needed. */
  state?: 'loaded' | 'loading' | 'unloaded' | 'failed';
}

/** How servers and gateways call the tokens of a context window. */
const windowNames = [
  'max_model_len',
  'context_length',
  'loaded_context_length',
  'context_window',
  'max_context_length',
  'max_seq_len',
  'max_input_tokens',
] as const;

/**
 * Reads the answer of `/v1/models`. Skips repeated entries, and those whose `id` cannot be the name of a model.
 * @returns `undefined` when it is not such a list
 */
export function readModels(answer: unknown): ListedModel[] | undefined {
  const data = isFields(answer) ? (answer['data'] ?? answer['models']) : answer;
  if (!Array.isArray(data)) return undefined;
  const others = isFields(answer) && Array.isArray(answer['models']) ? byName(answer['models']) : new Map();
  const ids = new Set<unknown>();
  return data
    .filter((entry) => isFields(entry))
    .filter(({ id }) => typeof id === 'string' && isModelName(id) && !ids.has(id) && ids.add(id))
    .map((entry) => readModel(entry as Fields & { id: string }, others));
}

function byName(models: readonly unknown[]): Map<unknown, Fields> {
  return new Map(models.filter((one) => isFields(one)).map((one) => [one['name'], one]));
}

/** What a list says, without the states of models, which change while the server runs. */
export function signatureOf(listed: readonly ListedModel[]): string {
  return JSON.stringify(
    listed.map(({ summary, windowTokens, ownedBy }) => [summary.name, windowTokens, ownedBy]),
  );
}

function readModel(entry: Fields & { id: string }, others: ReadonlyMap<unknown, Fields>): ListedModel {
  const meta = isFields(entry['meta']) ? entry['meta'] : {};
  const { id, aliases, owned_by: ownedBy } = entry;
  const window = number(meta['n_ctx']) || windowIn(entry);
  const capabilities = capabilitiesOf(entry, others);
  const parameters = number(meta['n_params']);
  return {
    summary: {
      name: id,
      sizeBytes: number(meta['size']),
      modifiedAt: '',
      digest: '',
      family: '',
      parameterSize: parameters > 0 ? sizeText(parameters) : '',
      quantization: typeof meta['ftype'] === 'string' ? meta['ftype'] : '',
      contextLength: number(meta['n_ctx_train']) || window,
      capabilities,
      remoteHost: '',
    },
    aliases: Array.isArray(aliases)
      ? aliases.filter((alias) => typeof alias === 'string' && isModelName(alias))
      : [],
    windowTokens: window,
    ownedBy: typeof ownedBy === 'string' ? ownedBy : '',
    ...toolsOf(entry),
    ...stateOf(entry),
  };
}

/** TabbyAPI reports it among the parameters, OpenRouter also that of the provider. */
function windowIn(entry: Fields): number {
  const places = [entry, entry['parameters'], entry['top_provider'], entry['model_info']].filter((one) =>
    isFields(one),
  );
  return places.flatMap((one) => windowNames.map((name) => number(one[name]))).find(Boolean) ?? 0;
}

/** How lists of features name tools: `tools`, `tool_use`, `tool-calling`, `function_calling`. */
const toolFeature = /^(?:tool|function)(?:s|$|[-_ ])/i;

/** Some gateways list the parameters of a model, or its features. */
function toolsOf({ supported_parameters: parameters, capabilities }: Fields): Pick<ListedModel, 'tools'> {
  if (Array.isArray(parameters)) return { tools: parameters.includes('tools') };
  // Mistral's form.
  if (isFields(capabilities) && typeof capabilities['function_calling'] === 'boolean')
    return { tools: capabilities['function_calling'] };
  if (!Array.isArray(capabilities)) return {};
  return { tools: capabilities.some((one) => typeof one === 'string' && toolFeature.test(one)) };
}

/** A sleeping model is loaded again by the next request, as one that was never loaded. */
function stateOf({ status }: Fields): Pick<ListedModel, 'state'> {
  if (!isFields(status) || typeof status['value'] !== 'string') return {};
  if (status['failed'] === true && status['value'] === 'unloaded') return { state: 'failed' };
  const { value } = status;
  return { state: value === 'loaded' || value === 'loading' ? value : 'unloaded' };
}

/** Kinds of models that do not answer: embeddings, reranking, pictures and sound. */
const otherUses = /embed|rerank|image|audio|speech|transcri|moderation|classif/i;

/** Whether a list says that a model is for something else than answers: Together, KubeAI, Mistral and OpenRouter. */
function isForOthers({ type, features, capabilities, architecture }: Fields): boolean {
  const outputs = isFields(architecture) ? architecture['output_modalities'] : undefined;
  if (Array.isArray(outputs)) return !outputs.includes('text');
  if (isFields(capabilities) && typeof capabilities['completion_chat'] === 'boolean')
    return !capabilities['completion_chat'];
  const uses = (Array.isArray(features) ? features : [type]).filter((use) => typeof use === 'string');
  return uses.length > 0 && uses.every((use) => otherUses.test(use));
}

/**
 * llama-server reports them in a second list in Ollama's form, its router as modalities. `completion` is listed for
 * every model, so that alone says nothing.
 */
function capabilitiesOf(entry: Fields, others: ReadonlyMap<unknown, Fields>): string[] {
  const { id, architecture, capabilities } = entry;
  if (isForOthers(entry)) return ['embedding'];
  const other = others.get(id);
  const told = Array.isArray(other?.['capabilities']) ? other['capabilities'] : [];
  const inputs = isFields(architecture) ? architecture['input_modalities'] : undefined;
  const readsImages =
    told.includes('multimodal') ||
    (Array.isArray(inputs) && inputs.includes('image')) ||
    (Array.isArray(capabilities) && capabilities.includes('vision')) ||
    (isFields(capabilities) && capabilities['vision'] === true);
  return readsImages ? ['completion', 'vision'] : [];
}

function sizeText(parameters: number): string {
  const [unit, size] = parameters >= 1e9 ? ['B', parameters / 1e9] : ['M', parameters / 1e6];
  return `${size.toFixed(1)}${unit}`;
}

function number(value: unknown): number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : 0;
}
