import { assertAsked } from '../http/client/assertAsked.ts';
import type { ChatMessage, GenerateRequest, ToolCall, ToolDefinition } from '../http/client/generation.ts';
import type { OllamaSettings } from '../http/client/settings.ts';
import type { OptionalField } from './fieldSupport.ts';
import type { WireMessage, WirePart, WireTool, WireToolCall } from './wire.ts';
import { withPairedResults } from './pairedResults.ts';
import { withTwoRoles } from './twoRoles.ts';

/** A request in the form that is sent. */
export interface WireRequest {
  path: '/v1/chat/completions' | '/v1/completions' | '/infill';
  body: Record<string, unknown>;
}

/** What the body depends on, besides the request. */
export interface BodyOptions {
  model: string;
  /** Most tokens of the answer; 0 or less: the server's limit. */
  maxTokens: number;
  /**
   * Whether the server has llama-server's own request for infilling, and ignores `suffix` in the usual one.
   */
  canInfill: boolean;
  /** Whether the server orders requests by `priority`; smaller numbers first. */
  knowsPriority: boolean;
  /** Whether the server has refused a field before. */
  isRefused: (field: OptionalField) => boolean;
}

/**
 * A generation request. Fields missing in it come from the settings; 0 is a value.
 * @throws OllamaError (kind `badRequest`) when it has neither a prompt nor messages, or both
 */
export function wireRequest(
  settings: OllamaSettings,
  request: GenerateRequest,
  options: BodyOptions,
): WireRequest {
  assertAsked(request);
  const { model, canInfill, isRefused } = options;
  const { prompt = '', suffix, raw = false } = request;
  const common = {
    ...commonFields(settings, request, options),
    ...priorityField(request, options),
    stream: true,
  };
  if (suffix !== undefined && !raw && canInfill)
    return {
      path: '/infill',
      body: { model, ...gapFields(prompt, suffix, request), ...common },
    };
  const usage = isRefused('stream_options') ? {} : { stream_options: { include_usage: true } };
  if (raw || suffix !== undefined)
    return {
      path: '/v1/completions',
      body: { model, prompt, ...(raw || suffix === undefined ? {} : { suffix }), ...common, ...usage },
    };
  const all = messagesOf(request);
  const messages = isRefused('system_role') ? withTwoRoles(all) : all;
  return {
    path: '/v1/chat/completions',
    body: { model, messages, ...toolFields(request), ...common, ...thinkFields(request, options), ...usage },
  };
}

/** The other files come first in the server's prompt, so they must stay the same while the user types. */
function gapFields(prefix: string, suffix: string, { extra = [] }: GenerateRequest): Record<string, unknown> {
  return {
    input_prefix: prefix,
    input_suffix: suffix,
    input_extra: extra.map(({ path, text }) => ({ filename: path, text })),
  };
}

function commonFields(
  settings: OllamaSettings,
  { temperature, stop = [] }: GenerateRequest,
  { maxTokens, isRefused }: BodyOptions,
): Record<string, unknown> {
  const chosen = temperature ?? settings.temperature;
  // OpenAI's newer models have another name for it.
  const limit = isRefused('max_tokens') ? 'max_completion_tokens' : 'max_tokens';
  return {
    ...(maxTokens > 0 ? { [limit]: maxTokens } : {}),
    ...(chosen === null || isRefused('temperature') ? {} : { temperature: chosen }),
    ...(stop.length > 0 ? { stop } : {}),
  };
}

/** A server that does not order its requests may refuse any other value than 0. */
function priorityField(
  { priority = 0 }: GenerateRequest,
  { knowsPriority, isRefused }: BodyOptions,
): { priority?: number } {
  return knowsPriority && priority > 0 && !isRefused('priority') ? { priority } : {};
}

function messagesOf({ prompt, messages = [], system, images = [] }: GenerateRequest): WireMessage[] {
  const asked: readonly ChatMessage[] =
    prompt === undefined ? messages : [{ role: 'user', content: prompt, images }];
  const first: WireMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  return [...first, ...withPairedResults(asked).map(toWireMessage)];
}

function toWireMessage({ role, content, images = [], toolCalls = [], toolCallId }: ChatMessage): WireMessage {
  if (role === 'tool') return { role, content, tool_call_id: toolCallId ?? '' };
  if (toolCalls.length > 0)
    return { role, content: content === '' ? null : content, tool_calls: toolCalls.map(toWireToolCall) };
  if (images.length === 0) return { role, content };
  const text: WirePart[] = content === '' ? [] : [{ type: 'text', text: content }];
  return { role, content: [...text, ...images.map(toImagePart)] };
}

function toWireToolCall({ id, name, arguments: args }: ToolCall): WireToolCall {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}

/** The start of images in base64, for the formats that servers read. */
const imageTypes: readonly [beginning: string, type: string][] = [
  ['/9j/', 'image/jpeg'],
  ['R0lG', 'image/gif'],
  ['UklGR', 'image/webp'],
];

function toImagePart(base64: string): WirePart {
  const type = imageTypes.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? 'image/png';
  return { type: 'image_url', image_url: { url: `data:${type};base64,${base64}` } };
}

function toolFields({ tools = [] }: GenerateRequest): { tools?: WireTool[] } {
  return tools.length > 0 ? { tools: tools.map(toWireTool) } : {};
}

function toWireTool({ name, description, parameters }: ToolDefinition): WireTool {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  };
}

/** The effort is a value of the protocol; only the template knows whether a model thinks at all. */
function thinkFields({ think }: GenerateRequest, { isRefused }: BodyOptions): Record<string, unknown> {
  if (think === undefined) return {};
  const effort = typeof think === 'string' ? think : think ? undefined : 'none';
  return {
    ...(effort === undefined || isRefused('reasoning_effort') ? {} : { reasoning_effort: effort }),
    ...(isRefused('chat_template_kwargs')
      ? {}
      : { chat_template_kwargs: { enable_thinking: think !== false } }),
  };
}
