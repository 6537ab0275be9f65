import type { Ask } from '../ask.ts';
import type { AnswerEncoder } from '../encoder.ts';
import { llamaServerHeaders } from '../exchange.ts';
import { encodeJson } from '../json.ts';
import type { Content, Tally } from '../lines.ts';
import type { ToolCallSpec } from '../types.ts';
import { renderPrompt } from '../tokens.ts';
import { recordedValue, toOpenAI } from './problems.ts';

type Value = Record<string, unknown>;

const fingerprint = 'b1-c2fd87e';
const lastEvent = 'data: [DONE]\n\n';
const ids = new WeakMap<Ask, string>();

/** llama-server's stream of events. An answer of `/infill` has its own form. */
export const openAIEncoder: AnswerEncoder = {
  headers: {
    ...llamaServerHeaders,
    'X-Accel-Buffering': 'no',
    'Content-Type': 'text/event-stream',
    'Transfer-Encoding': 'chunked',
  },
  piece: (ask, { text, thinking }, isFirst) => {
    if (ask.flavour === 'infill') return event(infillPiece(ask, text));
    if (ask.flavour === 'completions') return event(chunk(ask, { text, logprobs: null }));
    const said = event(chunk(ask, { delta: thinking ? { reasoning_content: text } : { content: text } }));
    return isFirst ? roleEvent(ask) + said : said;
  },
  calls: (ask, calls) => [
    roleEvent(ask),
    ...calls.flatMap((call, index) =>
      callPieces(call, index).map((piece) => event(chunk(ask, { delta: { tool_calls: [piece] } }))),
    ),
  ],
  end: (ask, tally) => {
    const timings = timingsOf(tally);
    if (ask.flavour === 'infill') return [event(infillEnd(ask, tally))];
    const reason = reasonOf(ask, tally);
    if (ask.flavour === 'completions')
      return [
        event({
          ...chunk(ask, { text: '', logprobs: null, finish_reason: reason }),
          usage: usageOf(tally),
          timings,
        }),
        lastEvent,
      ];
    const last = chunk(ask, { delta: {}, finish_reason: reason });
    if (!wantsUsage.has(ask)) return [event({ ...last, timings }), lastEvent];
    const counts = { ...chunk(ask, {}), choices: [], usage: usageOf(tally), timings };
    return [event(last) + event(counts), lastEvent];
  },
  failure: (problem) => event(toOpenAI(problem).body),
  whole: (ask, tally, content) => wholeAnswer(ask, tally, content),
};

/** Requests that have asked for the counts of their stream. */
export const wantsUsage = new WeakSet<Ask>();

function event(value: Value): string {
  return `data: ${encodeJson(value)}\n\n`;
}

/** One value of a stream, with default values for its choice. */
function chunk(ask: Ask, choice: Value): Value {
  const isChat = ask.flavour === 'chat';
  return {
    choices: [{ finish_reason: null, index: 0, ...choice }],
    ...facts(ask, isChat ? 'chat.completion.chunk' : 'text_completion'),
  };
}

function facts(ask: Ask, object: string): Value {
  const id = ids.get(ask) ?? `chatcmpl-${Math.random().toString(36).slice(2)}`;
  ids.set(ask, id);
  const created = Math.floor(Date.now() / 1000);
  return { created, id, model: ask.modelName, system_fingerprint: fingerprint, object };
}

function roleEvent(ask: Ask): string {
  return event(chunk(ask, { delta: { role: 'assistant', content: null } }));
}

/** The name first, then the arguments in pieces, as servers send them; not recorded. */
function callPieces({ name, arguments: args, id }: ToolCallSpec, index: number): Value[] {
  const text = JSON.stringify(args);
  const own = id ?? `call_${Math.random().toString(36).slice(2, 10)}`;
  const middle = Math.ceil(text.length / 2);
  return [
    { index, id: own, type: 'function', function: { name, arguments: '' } },
    { index, function: { arguments: text.slice(0, middle) } },
    { index, function: { arguments: text.slice(middle) } },
  ];
}

const called = new WeakSet<Ask>();

function reasonOf(ask: Ask, { reason, answerTokens }: Tally): string {
  if (answerTokens.includes('<tool_call>')) called.add(ask);
  return called.has(ask) ? 'tool_calls' : reason;
}

function usageOf({ promptTokens, cachedTokens, answerTokens }: Tally): Value {
  return {
    completion_tokens: answerTokens.length,
    prompt_tokens: promptTokens.length,
    total_tokens: promptTokens.length + answerTokens.length,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

function timingsOf({ promptTokens, cachedTokens, answerTokens, readingNs, writingNs }: Tally): Value {
  const read = promptTokens.length - cachedTokens;
  const [promptMs, predictedMs] = [readingNs / 1e6, writingNs / 1e6];
  return {
    cache_n: cachedTokens,
    prompt_n: read,
    prompt_ms: promptMs,
    prompt_per_token_ms: promptMs / Math.max(1, read),
    prompt_per_second: read / (promptMs / 1000),
    predicted_n: answerTokens.length,
    predicted_ms: predictedMs,
    predicted_per_token_ms: predictedMs / Math.max(1, answerTokens.length),
    predicted_per_second: answerTokens.length / (predictedMs / 1000),
  };
}

function wholeAnswer(ask: Ask, tally: Tally, { text = '', thinking = '', calls = [] }: Content): Value {
  const timings = timingsOf(tally);
  if (ask.flavour === 'infill') return { ...infillEnd(ask, tally), content: text };
  const reason = reasonOf(ask, tally);
  const choice =
    ask.flavour === 'completions'
      ? { text, index: 0, logprobs: null, finish_reason: reason }
      : { finish_reason: reason, index: 0, message: messageOf(text, thinking, calls) };
  const object = ask.flavour === 'completions' ? 'text_completion' : 'chat.completion';
  return { choices: [choice], ...facts(ask, object), usage: usageOf(tally), timings };
}

function messageOf(text: string, thinking: string, calls: ToolCallSpec[]): Value {
  return {
    role: 'assistant',
    content: calls.length > 0 && text === '' ? null : text,
    ...(thinking === '' ? {} : { reasoning_content: thinking }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ name, arguments: args, id }, index) => ({
            id: id ?? `call_${index}`,
            type: 'function',
            function: { name, arguments: JSON.stringify(args) },
          })),
        }),
  };
}

const written = new WeakMap<Ask, number>();

function infillPiece(ask: Ask, text: string): Value {
  const tokens = (written.get(ask) ?? 0) + 1;
  written.set(ask, tokens);
  return {
    index: 0,
    content: text,
    tokens: [1],
    stop: false,
    id_slot: -1,
    tokens_predicted: tokens,
    tokens_evaluated: 1,
  };
}

/** Nothing in the tests depends on them. */
function settingsOf({ stream }: Ask): Value {
  const { generation_settings: settings } = recordedValue('infill-unsupported') as Record<string, object>;
  return { ...settings, stream };
}

function infillEnd(ask: Ask, tally: Tally): Value {
  return {
    index: 0,
    content: '',
    tokens: [],
    id_slot: 0,
    stop: true,
    model: ask.modelName,
    tokens_predicted: tally.answerTokens.length,
    tokens_evaluated: tally.promptTokens.length,
    generation_settings: settingsOf(ask),
    prompt: renderPrompt(ask.parts),
    has_new_line: false,
    truncated: false,
    stop_type: tally.reason === 'length' ? 'limit' : 'eos',
    stopping_word: '',
    tokens_cached: tally.promptTokens.length + tally.answerTokens.length,
    timings: timingsOf(tally),
  };
}
