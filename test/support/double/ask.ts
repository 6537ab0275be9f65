import { ollamaEncoder, type AnswerEncoder } from './encoder.ts';
import { findModel, type Exchange } from './exchange.ts';
import { fullName, isValidName } from './models.ts';
import { Problem } from './problems.ts';
import type { PromptParts } from './tokens.ts';
import type { DoubleSettings, Model } from './types.ts';
import { checkOptions, decodeBody, keepAliveMs, recordedProblem } from './refusals.ts';

export type Flavour = 'generate' | 'chat' | 'completions' | 'infill';

/** A parsed and checked request to /api/generate or /api/chat. */
export interface Ask {
  flavour: Flavour;
  /** Writes the answer in the protocol's form. */
  encoder: AnswerEncoder;
  /** The name as the client wrote it; answers repeat it. */
  modelName: string;
  model: Model;
  parts: PromptParts;
  /** Whether there is nothing to answer: the model is only loaded or unloaded. */
  empty: boolean;
  stream: boolean;
  thinks: boolean;
  options: Record<string, unknown>;
  numCtx: number;
  stop: string[];
  format: unknown;
  hasImages: boolean;
  /** Names of the offered tools. */
  tools: string[];
  /** Role of the last message. */
  lastRole: string;
  keepAliveMs: number | undefined;
  truncate: boolean;
  shift: boolean;
  /** A change of this key reloads the model. */
  runnerKey: string;
}

export interface Message {
  role?: string;
  content?: string;
  images?: unknown[];
}

export interface Tool {
  function?: { name?: string };
}

/**
 * Checks the body in the server's order.
 * @throws Problem
 */
export function readAsk(exchange: Exchange, flavour: Flavour): Ask {
  const { settings, request } = exchange;
  const body = decodeBody(request.bodyText);
  const modelName = (body['model'] as string | undefined) ?? '';
  if (modelName !== '' && !isValidName(modelName)) throw new Problem(400, 'invalid model name');
  const model = findModel(settings, modelName);
  if (model.cloud === 'offline') throw recordedProblem('cloud-model-offline');
  if (model.cloud) {
    throw new Problem(401, 'unauthorized', 'plain', {
      signin_url: 'https://ollama.com/connect?name=double&key=none',
    });
  }
  const parts = readParts(body, flavour);
  parts.parts.isAnswer = parts.lastRole === 'assistant' && !model.endsAnswers;
  return { flavour, encoder: ollamaEncoder, modelName, model, ...parts, ...readRest(body, model, settings) };
}

function readParts(body: Record<string, unknown>, flavour: Flavour): Pick<Ask, PartNames> {
  if (flavour === 'chat')
    return readMessages(
      (body['messages'] as (Message | null)[] | undefined) ?? [],
      (body['tools'] as Tool[] | undefined) ?? [],
    );
  const text = (name: string): string => (body[name] as string | undefined) ?? '';
  const parts = {
    prompt: text('prompt'),
    system: text('system'),
    suffix: text('suffix'),
    raw: body['raw'] === true,
    history: [],
  };
  const withContext =
    text('template') !== '' ||
    parts.system !== '' ||
    ((body['context'] as number[] | undefined) ?? []).length > 0;
  if (parts.raw && withContext)
    throw new Problem(400, 'raw mode does not support template, system, or context');
  return {
    parts,
    empty: parts.prompt === '',
    tools: [],
    lastRole: 'user',
    hasImages: ((body['images'] as unknown[] | undefined) ?? []).length > 0,
  };
}

export function readMessages(messages: (Message | null)[], tools: Tool[]): Pick<Ask, PartNames> {
  const turns = messages.map((message) => ({ role: message?.role ?? '', content: message?.content ?? '' }));
  const system = turns.filter(({ role }) => role === 'system').map(({ content }) => content);
  const others = turns.filter(({ role }) => role !== 'system');
  return {
    parts: {
      prompt: others.at(-1)?.content ?? '',
      system: system.join('\n\n'),
      suffix: '',
      raw: false,
      history: others.slice(0, -1),
    },
    empty: messages.length === 0,
    tools: tools.flatMap(({ function: tool }) => tool?.name ?? []),
    lastRole: messages.at(-1)?.role ?? '',
    hasImages: messages.some((message) => (message?.images ?? []).length > 0),
  };
}

export type PartNames = 'parts' | 'empty' | 'hasImages' | 'tools' | 'lastRole';
type Rest = Omit<Ask, 'flavour' | 'encoder' | 'modelName' | 'model' | PartNames>;

function readRest(body: Record<string, unknown>, model: Model, settings: DoubleSettings): Rest {
  const options = (body['options'] as Record<string, unknown> | undefined) ?? {};
  const numCtx =
    typeof options['num_ctx'] === 'number'
      ? Math.max(4, Math.trunc(options['num_ctx']))
      : settings.defaultNumCtx;
  const shift = body['shift'] !== false;
  return {
    stream: body['stream'] !== false,
    thinks: model.capabilities.includes('thinking') && body['think'] !== false,
    options,
    numCtx,
    stop: Array.isArray(options['stop']) ? (options['stop'] as string[]) : [],
    format: body['format'],
    keepAliveMs: keepAliveMs(body['keep_alive']),
    truncate: body['truncate'] !== false,
    shift,
    runnerKey: runnerKey(options, numCtx, shift),
  };
}

function runnerKey(options: Record<string, unknown>, numCtx: number, shift: boolean): string {
  const others = ['num_thread', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap'].map(
    (name) => options[name] ?? null,
  );
  return JSON.stringify([numCtx, shift, ...others]);
}

/**
 * Checks the model's capabilities, then the options, as the server does after it has found the model and
 * before it queues the request.
 * @throws Problem
 */
export function checkAbilities(ask: Ask, body: Record<string, unknown>): void {
  const { model, flavour, modelName } = ask;
  const lacks = (capability: string): boolean => !model.capabilities.includes(capability);
  if (body['think'] && lacks('thinking')) throw new Problem(400, `"${modelName}" does not support thinking`);
  if (lacks('completion')) throw new Problem(400, `"${modelName}" does not support ${flavour}`);
  if (ask.parts.suffix !== '' && lacks('insert'))
    throw new Problem(400, `${fullName(model)} does not support insert`);
  const tools = flavour === 'chat' && Array.isArray(body['tools']) && body['tools'].length > 0;
  if (tools && lacks('tools')) throw new Problem(400, `${fullName(model)} does not support tools`);
  checkOptions(ask.options);
}
