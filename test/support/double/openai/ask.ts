import { readMessages, type Ask, type Flavour, type Message, type PartNames, type Tool } from '../ask.ts';
import type { Exchange } from '../exchange.ts';
import { completeModel, tagged } from '../models.ts';
import type { Model } from '../types.ts';
import { openAIEncoder } from './encoder.ts';
import { recordedError, unknownModelProblem } from './problems.ts';

type Body = Record<string, unknown>;

/** A message whose content may be a list of parts. */
interface PartsMessage {
  role?: string;
  content?: string | { type: string; text?: string }[] | null;
}

/**
 * Parses a generation request.
 * @throws Problem
 */
export function readOpenAIAsk(exchange: Exchange, flavour: Flavour): Ask {
  const { request, settings } = exchange;
  const body = decode(request.bodyText);
  const model = modelOf(exchange, body['model'] as string | undefined);
  const options = optionsOf(body);
  const parts: Pick<Ask, PartNames> = partsOf(body, flavour);
  // llama-server adds the start of an answer to the prompt (its option --prefill-assistant, on by default).
  if (flavour === 'chat') parts.parts.isAnswer = parts.lastRole === 'assistant' && !model.endsAnswers;
  return {
    flavour,
    encoder: openAIEncoder,
    modelName: shortName(model.name),
    model,
    ...parts,
    stream: body['stream'] === true,
    thinks: flavour === 'chat' && model.capabilities.includes('thinking') && !isThinkingOff(body),
    options,
    numCtx: settings.defaultNumCtx,
    stop: [body['stop'] ?? []].flat() as string[],
    format: undefined,
    keepAliveMs: Infinity,
    truncate: false,
    shift: false,
    runnerKey: '',
  };
}

/** The name in its list. */
export function shortName(name: string): string {
  return name.replace(/:latest$/, '');
}

function decode(text: string): Body {
  if (text === '') throw recordedError('error-empty-body');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw recordedError('error-malformed-json');
  }
  const value = body as Body;
  for (const [name, recording] of [
    ['max_tokens', 'error-max-tokens-type'],
    ['temperature', 'error-temperature-type'],
  ] as const)
    if (value[name] !== undefined && typeof value[name] !== 'number') throw recordedError(recording);
  return value;
}

/** A server with one model answers with it for any name; with several, one must be named. */
function modelOf({ settings: { models } }: Exchange, name = ''): Model {
  const named = models.find((model) => tagged(model.name) === tagged(name));
  const found = named ?? (models.length === 1 ? models[0] : undefined);
  if (!found) throw unknownModelProblem(name);
  return completeModel(found);
}

function optionsOf(body: Body): Body {
  const limit = body['max_completion_tokens'] ?? body['max_tokens'] ?? body['n_predict'];
  return {
    ...(limit === undefined ? {} : { num_predict: limit }),
    ...(body['temperature'] === undefined ? {} : { temperature: body['temperature'] }),
  };
}

function isThinkingOff(body: Body): boolean {
  const kwargs = body['chat_template_kwargs'] as { enable_thinking?: boolean } | undefined;
  return kwargs?.enable_thinking === false || body['reasoning_effort'] === 'none';
}

function partsOf(body: Body, flavour: Flavour) {
  if (flavour === 'chat') return chatParts(body);
  const text = (name: string): string => (body[name] as string | undefined) ?? '';
  const isInfill = flavour === 'infill';
  const parts = {
    prompt: text(isInfill ? 'input_prefix' : 'prompt'),
    system: '',
    suffix: isInfill ? text('input_suffix') : '',
    raw: !isInfill,
    ...(isInfill ? { extra: (body['input_extra'] ?? []) as { filename?: string; text?: string }[] } : {}),
    history: [],
  };
  return { parts, empty: false, tools: [], lastRole: 'user', hasImages: false };
}

function chatParts(body: Body) {
  if (!Array.isArray(body['messages'])) throw recordedError('error-no-messages');
  const messages = body['messages'] as PartsMessage[];
  const images = messages.filter(({ content }) => hasImage(content));
  if (images.length > 0) throw recordedError('chat-image-unsupported');
  const plain = messages.map(({ role = '', content }): Message => ({ role, content: textOf(content) }));
  return readMessages(plain, (body['tools'] as Tool[] | undefined) ?? []);
}

function hasImage(content: PartsMessage['content']): boolean {
  return Array.isArray(content) && content.some(({ type }) => type === 'image_url');
}

function textOf(content: PartsMessage['content']): string {
  if (!Array.isArray(content)) return content ?? '';
  return content.map(({ text = '' }) => text).join('');
}
