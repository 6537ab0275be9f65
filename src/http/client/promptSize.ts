import type { GenerateRequest } from './generation.ts';

/** Size of what the model reads, without the text itself. */
export interface PromptSize {
  chars: number;
  /** Characters of about one token each, whatever the average: digits, and everything outside ASCII. */
  dense: number;
  images: number;
}

/** Tokens of a chat template, an upper estimate. */
export const templateTokens = 48;
/** Tokens of an image, an upper estimate; models use from 256 to about this many. */
const imageTokens = 1500;

export function promptSizeOf(request: GenerateRequest): PromptSize {
  const { messages = [], images = [] } = request;
  const size: PromptSize = { chars: 0, dense: 0, images: images.length };
  for (const text of promptTexts(request)) {
    size.chars += text.length;
    size.dense += denseIn(text);
  }
  for (const message of messages) size.images += message.images?.length ?? 0;
  return size;
}

/** The texts that the model reads. */
export function promptTexts(request: GenerateRequest): string[] {
  const { prompt = '', messages = [], system = '', suffix = '', tools = [] } = request;
  return [
    prompt,
    system,
    suffix,
    ...messages.flatMap(({ content, toolCalls }) => [content, toolCalls ? JSON.stringify(toolCalls) : '']),
    tools.length > 0 ? JSON.stringify(tools) : '',
  ];
}

/**
 * Estimates the tokens of a prompt. (src/prompts, which this folder must not import, uses the same formula.)
 */
export function estimateTokens({ chars, dense, images }: PromptSize, charsPerToken: number): number {
  return Math.ceil((chars - dense) / charsPerToken + dense + templateTokens + images * imageTokens);
}

function denseIn(text: string): number {
  let dense = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127 || (code >= 48 && code <= 57)) dense++;
  }
  return dense;
}
