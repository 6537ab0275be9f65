import { assertAsked } from '../../http/client/assertAsked.ts';
import type { ChatMessage, GenerateRequest, ToolCall, ToolDefinition } from '../../http/client/generation.ts';
import type { OllamaSettings } from '../../http/client/settings.ts';
import type { WireGenerateRequest, WireMessage, WireTool, WireToolCall } from './wire.ts';

/**
 * The fields that decide whether the server must reload the model. One function makes them, so that our own
 * requests never differ. `truncate: false` makes an overlong prompt an error; otherwise the server would cut
 * it silently.
 */
export function runnerFields(settings: OllamaSettings, model: string, numCtx: number) {
  const { keepAlive } = settings;
  const kept = keepAlive === null ? {} : { keep_alive: keepAlive };
  return { model, truncate: false as const, ...kept, options: { num_ctx: numCtx } };
}

/**
 * The body of a generation request. Fields missing in the request come from the settings; 0 is a value.
 * @throws OllamaError (kind `badRequest`) when it has neither a prompt nor messages, or both
 */
export function requestBody(
  settings: OllamaSettings,
  request: GenerateRequest,
  model: string,
  numCtx: number,
): WireGenerateRequest {
  const runner = runnerFields(settings, model, numCtx);
  const { suffix, raw, think, stop = [], temperature, maxTokens, repeatPenalty } = request;
  const chosen = temperature ?? settings.temperature;
  return {
    ...runner,
    ...askedFields(request),
    ...(suffix === undefined ? {} : { suffix }),
    ...(raw === undefined ? {} : { raw }),
    ...(think === undefined ? {} : { think }),
    stream: true,
    options: {
      ...runner.options,
      ...(chosen === null ? {} : { temperature: chosen }),
      num_predict: maxTokens ?? settings.numPredict,
      ...(stop.length > 0 ? { stop } : {}),
      ...(repeatPenalty === undefined ? {} : { repeat_penalty: repeatPenalty }),
    },
  };
}

/** Conversations and tools need `/api/chat` with messages; a prompt goes to `/api/generate`. */
function askedFields(request: GenerateRequest): Partial<WireGenerateRequest> {
  const { prompt, messages = [], system, images = [], tools = [] } = request;
  assertAsked(request);
  if (prompt !== undefined && tools.length === 0)
    return {
      prompt,
      ...(system === undefined ? {} : { system }),
      ...(images.length > 0 ? { images } : {}),
    };
  const asked: readonly ChatMessage[] =
    prompt === undefined ? messages : [{ role: 'user', content: prompt, images }];
  const first: WireMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  return {
    messages: [...first, ...asked.map(toWireMessage)],
    ...(tools.length > 0 ? { tools: tools.map(toWireTool) } : {}),
  };
}

function toWireMessage(message: ChatMessage): WireMessage {
  const { role, content, images = [], toolCalls = [], toolCallId, toolName } = message;
  return {
    role,
    content,
    ...(images.length > 0 ? { images } : {}),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls.map(toWireToolCall) } : {}),
    ...(toolName === undefined ? {} : { tool_name: toolName }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  };
}

function toWireToolCall({ id, name, arguments: args }: ToolCall, index: number): WireToolCall {
  return { id, function: { index, name, arguments: args } };
}

function toWireTool({ name, description, parameters }: ToolDefinition): WireTool {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      // Ollama's own templates expect a schema, even for a tool without parameters.
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  };
}
