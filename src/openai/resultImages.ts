import type { ChatMessage } from '../http/client/generation.ts';

/**
 * The same conversation with the images of tool results in a message of the user behind them: in this
 * protocol, a result is only text.
 */
export function withResultImages(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.flatMap((message, index) => {
    if (message.role !== 'tool') return [message];
    const { images: _, ...result } = message;
    if (messages[index + 1]?.role === 'tool') return [result];
    const first = messages.slice(0, index).findLastIndex(({ role }) => role !== 'tool') + 1;
    const images = messages.slice(first, index + 1).flatMap((one) => one.images ?? []);
    return images.length > 0 ? [result, { role: 'user', content: '', images }] : [result];
  });
}
