import type { ChatToolsChoice } from '../../config/chatTools.ts';
import type { ChatMessage, ToolDefinition } from '../../ollama/index.ts';
import { promptTokens, templateTokens, tokenCost, type TokenBudget } from '../../prompts/tokens.ts';
import { shortListOf, type ShortList } from './tools.ts';

/** Tokens that a template adds to a message. */
const tokensAroundMessage = 5;
/** Tokens of an image, as the client estimates them. */
export const imageTokens = 1500;
/** Part of the context window that the tools and the system text may take. */
const mostBeginning = 0.5;

/** The estimated tokens of a whole request. */
export function estimatedTokens(
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
  charsPerToken: number,
): number {
  const cost = tokenCost(charsPerToken);
  const ofTools = tools.length > 0 ? cost(JSON.stringify(tools)) : 0;
  const ofMessages = messages.map(
    ({ content, toolCalls, images = [] }) =>
      cost(content) +
      (toolCalls ? cost(JSON.stringify(toolCalls)) : 0) +
      images.length * imageTokens +
      tokensAroundMessage,
  );
  return Math.ceil(ofMessages.reduce((sum, tokens) => sum + tokens, ofTools + templateTokens));
}

/**
 * The tools that are sent, and the names of those left out. With `auto`, all are sent if they fit into the
 * context window with the conversation and take less than half of it.
 */
export function chooseTools(
  choice: ChatToolsChoice,
  tools: readonly ToolDefinition[],
  messages: readonly ChatMessage[],
  budget: TokenBudget,
): ShortList {
  const all: ShortList = { tools: [...tools], left: [] };
  const short = choice === 'all' ? undefined : shortListOf(tools);
  if (!short) return all;
  return choice === 'essential' || !isRoomy(tools, messages, budget) ? short : all;
}

function isRoomy(
  tools: readonly ToolDefinition[],
  messages: readonly ChatMessage[],
  budget: TokenBudget,
): boolean {
  const { charsPerToken, numCtx } = budget;
  const conversation = messages.findIndex(({ role }) => role === 'assistant');
  const beginning = conversation < 0 ? messages : messages.slice(0, conversation);
  return (
    estimatedTokens(beginning, tools, charsPerToken) <= numCtx * mostBeginning &&
    estimatedTokens(messages, tools, charsPerToken) <= promptTokens(budget)
  );
}

/** Whether `auto` is likely to leave tools out, before a request has come. */
export function isLikelyShort(
  choice: ChatToolsChoice,
  tools: readonly ToolDefinition[],
  { numCtx, charsPerToken }: Pick<TokenBudget, 'numCtx' | 'charsPerToken'>,
): boolean {
  if (choice !== 'auto') return choice === 'essential';
  return estimatedTokens([], tools, charsPerToken) > numCtx * mostBeginning;
}
