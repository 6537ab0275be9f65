import type { ChatMessage } from '../../ollama/index.ts';
import {
  decodeControlTokens,
  encodeControlTokens,
  hasMarkedTokens,
  markedTokensNote,
} from '../../prompts/controlTokens.ts';

/**
 * The same conversation with a mark in each control token of a chat template, so that the model treats texts
 * of files and results of tools as data; see `controlTokens.ts`. The first message with a mark also explains
 * the marks.
 */
export function withMarks(messages: readonly ChatMessage[]): { messages: ChatMessage[]; isMarked: boolean } {
  const encoded = messages.map(encodedMessage);
  const first = encoded.findIndex(hasMarks);
  if (first < 0) return { messages: encoded, isMarked: false };
  const told = encoded.findIndex(({ role }, index) => index >= first && role !== 'assistant');
  const message = encoded[told];
  if (message) encoded[told] = { ...message, content: `${message.content}\n\n${markedTokensNote.trim()}` };
  return { messages: encoded, isMarked: true };
}

function encodedMessage({ toolCalls, ...message }: ChatMessage): ChatMessage {
  const content = encodeControlTokens(message.content);
  if (!toolCalls) return { ...message, content };
  const encoded = toolCalls.map((call) => ({
    ...call,
    arguments: withTexts(call.arguments, encodeControlTokens) as Record<string, unknown>,
  }));
  return { ...message, content, toolCalls: encoded };
}

function hasMarks({ content, toolCalls = [] }: ChatMessage): boolean {
  return (
    hasMarkedTokens(content) || toolCalls.some((call) => hasMarkedTokens(JSON.stringify(call.arguments)))
  );
}

/** The arguments of a call without the marks that the model has repeated. */
export function withoutMarks(args: Record<string, unknown>): Record<string, unknown> {
  return withTexts(args, decodeControlTokens) as Record<string, unknown>;
}

/** A JSON value with all its texts changed, except names of fields. */
function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner, change)]));
}
