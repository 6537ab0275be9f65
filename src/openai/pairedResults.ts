import type { ChatMessage } from '../http/client/generation.ts';

const noResult = '[This call has no result.]';

/**
 * The same conversation as this protocol requires it: each call is followed by one result, which is only
 * text. Images of results, and results of other calls, come behind them in a message of the user.
 */
export function withPairedResults(messages: readonly ChatMessage[]): ChatMessage[] {
  const made: ChatMessage[] = [];
  for (let index = 0; index < messages.length;) {
    const message = messages[index]!;
    if (message.role !== 'tool') {
      made.push(message);
      index++;
    }
    const end = messages.findIndex(({ role }, at) => at >= index && role !== 'tool');
    const results = messages.slice(index, end < 0 ? messages.length : end);
    made.push(...paired(message, results));
    index += results.length;
  }
  return made;
}

function paired({ toolCalls = [] }: ChatMessage, results: readonly ChatMessage[]): ChatMessage[] {
  const ids = new Set(toolCalls.map(({ id }) => id));
  const answers = [...ids].map((id) => results.find(({ toolCallId }) => toolCallId === id));
  const others = results.filter((result) => !answers.includes(result));
  const images = results.flatMap((result) => result.images ?? []);
  const content = others.map((other) => other.content).join('\n\n');
  return [
    ...[...ids].map((toolCallId, index): ChatMessage => {
      const { images: _, ...result } = answers[index] ?? { role: 'tool', content: noResult, toolCallId };
      return result;
    }),
    ...(content !== '' || images.length > 0
      ? [{ role: 'user' as const, content, ...(images.length > 0 ? { images } : {}) }]
      : []),
  ];
}
