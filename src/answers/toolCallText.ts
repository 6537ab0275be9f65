import { fenceIn } from '../text/fences.ts';

/** How model templates write a tool call that the server did not recognize. */
const opening =
  /^(?:<tool_calls?>|\[TOOL_CALLS\]|\[TOOL_REQUEST\]|<\|tool_calls?(?:_begin)?\|>|<\|tool_calls_section_begin\|>|<\|python_tag\|>|<\|plugin\|>|<function_calls?>|<function=|<functioncall>|<｜tool▁calls?▁begin｜>|<\|tool_call>|<invoke )/i;
const callTag = /^tool_(?:code|calls?)$/;
/** Most characters that are parsed as JSON: a tool call is short. */
const mostChars = 100_000;

/** Whether an answer consists of a tool call only, so that it is not an answer. */
export function isToolCall(answer: string): boolean {
  const text = answer.trim();
  if (opening.test(text)) return true;
  const end = text.indexOf('\n');
  const fence = fenceIn(text.slice(0, end < 0 ? undefined : end));
  const tag = fence?.info.trim();
  if (tag !== undefined && callTag.test(tag)) return true;
  // Some models write the closing fence behind the last character.
  const isBlock = fence && (tag === '' || tag === 'json') && text.endsWith(fence.marks);
  return isCallJson(isBlock ? text.slice(end + 1, -fence.marks.length).trim() : text);
}

function isCallJson(text: string): boolean {
  if (!/^[[{]/.test(text) || !text.includes('"name"') || text.length > mostChars) return false;
  try {
    const value: unknown = JSON.parse(text);
    const calls = Array.isArray(value) ? value : [value];
    return calls.length > 0 && calls.every(isCall);
  } catch {
    return false;
  }
}

function isCall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const call = 'function' in value && typeof value.function === 'object' ? value.function : value;
  if (call === null || !('name' in call) || typeof call.name !== 'string') return false;
  const names = new Set(['name', 'arguments', 'parameters', 'id', 'type', 'function', 'tool_call_id']);
  const hasArguments = 'arguments' in call || 'parameters' in call;
  return hasArguments && Object.keys(value).every((name) => names.has(name));
}
