import { encodedCost } from '../../prompts/tokens.ts';
import { toConversation, type VscodeMessage } from './messages.ts';
import { imageTokens } from './promptSize.ts';
import type { VscodeTool } from './tools.ts';

/** A name in the JSON schema of a tool, and the words in it. */
const name = /^[A-Za-z_]{1,64}$/;
const words = /[A-Z]?[a-z]+|[A-Z]+/g;
/** Most letters of a word that is usually one token. */
const wordLetters = 12;

/** The estimated tokens of a text: a short name has about one for each of its words. */
export function textTokens(text: string, charsPerToken: number): number {
  const tokens = Math.ceil(encodedCost(charsPerToken)(text));
  return name.test(text) ? Math.min(tokens, nameTokens(text)) : tokens;
}

function nameTokens(text: string): number {
  const found = text.match(words) ?? [];
  return found.reduce((sum, { length }) => sum + Math.ceil(length / wordLetters), 0) || 1;
}

/** The estimated tokens of a message with its calls, results and images. */
export function messageTokens(message: VscodeMessage, canSeeImages: boolean, charsPerToken: number): number {
  const { messages } = toConversation([message], canSeeImages);
  const cost = encodedCost(charsPerToken);
  const tokens = messages.map(
    ({ content, toolCalls = [], images = [] }) =>
      cost(content) +
      (toolCalls.length > 0 ? cost(JSON.stringify(toolCalls)) : 0) +
      images.length * imageTokens,
  );
  return Math.ceil(tokens.reduce((sum, one) => sum + one, 0));
}

/**
 * The descriptions in the tools of VS Code. It counts each text of each tool before it builds a prompt, and
 * compacts the conversation if they leave too little space. With the short list we send none of these texts.
 */
export class ToolDescriptions {
  private readonly tools: () => readonly VscodeTool[];
  private texts: ReadonlySet<string> = new Set();
  private count = -1;

  /** @param tools all tools that VS Code knows */
  constructor(tools: () => readonly VscodeTool[]) {
    this.tools = tools;
  }

  /** Whether a text is one of them. Single words are not: they can be anything. */
  has(text: string): boolean {
    if (!text.includes(' ')) return false;
    const tools = this.tools();
    if (tools.length !== this.count) {
      this.count = tools.length;
      this.texts = new Set(textsIn(tools));
    }
    return this.texts.has(text);
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes(' ') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
