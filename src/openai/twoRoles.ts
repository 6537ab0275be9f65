import type { WireMessage, WirePart } from './wire.ts';

/** Texts of templates that know only turns of the user and of the model: those of Gemma and Mistral. */
const refusal =
  /system (?:role|messages?|prompts?) (?:is |are )?not (?:supported|allowed)|(?:does not|doesn't) support (?:the )?system|roles must alternate|only (?:supports )?user,? (?:and )?assistant/i;

/** Whether an error says that the template of the model accepts only these two roles, in turns. */
export function wantsTwoRoles(text: string): boolean {
  return refusal.test(text);
}

/**
 * The same conversation with two roles in turns: the system prompt is the beginning of the user's first message, and
 * messages of the same role in a row are one.
 */
export function withTwoRoles(messages: readonly WireMessage[]): WireMessage[] {
  const made: WireMessage[] = [];
  for (const message of messages) {
    const next: WireMessage = message.role === 'system' ? { ...message, role: 'user' } : message;
    const last = made.at(-1);
    if (last && isTurnOf(last, next)) made[made.length - 1] = { ...last, content: joined(last, next) };
    else made.push(next);
  }
  return made;
}

/** Calls and results keep their own messages, because ids connect them. */
function isTurnOf(last: WireMessage, next: WireMessage): boolean {
  return last.role === next.role && next.role !== 'tool' && !last.tool_calls && !next.tool_calls;
}

function joined({ content: first }: WireMessage, { content: second }: WireMessage): string | WirePart[] {
  if (!Array.isArray(first) && !Array.isArray(second)) return [first, second].filter(Boolean).join('\n\n');
  return [first, second].flatMap(partsOf);
}

function partsOf(content: WireMessage['content']): WirePart[] {
  if (Array.isArray(content)) return content;
  return content ? [{ type: 'text', text: content }] : [];
}
