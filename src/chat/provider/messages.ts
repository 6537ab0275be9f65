import { isFields, type ChatMessage, type ToolCall } from '../../ollama/index.ts';
import { elementText } from './elementText.ts';
import { withSortedKeys } from './sortedKeys.ts';

/**
 * A message of VS Code's chat, with the properties used here. The classes of its parts are not imported: new
 * versions of VS Code add some, some are not in its stable API, and for counting tokens it passes plain
 * objects.
 */
export interface VscodeMessage {
  role: number;
  content: readonly unknown[] | string;
}

/** The content of a part of a message; `undefined` if it has nothing for a model. */
type Part =
  | { kind: 'text'; text: string }
  | { kind: 'image'; base64: string }
  | { kind: 'call'; call: ToolCall }
  | { kind: 'result'; callId: string; parts: Part[] }
  | undefined;

/** The values of `LanguageModelChatMessageRole`; the last is not in the stable API. */
const assistantRole = 2;
const systemRole = 3;

/** Replaces an image that the model cannot see. */
export const imagePlaceholder = '[There is an image here, which this model cannot see.]';
/** Replaces another attachment that a model cannot read. Data of other types is not for models. */
const attachments = /^(?:audio|video)\/[\w.+-]{1,80}$|^application\/pdf$/;
const attachmentPlaceholder = (type: string): string =>
  `[There is an attachment of the type ${type} here, which this model cannot read.]`;

/** A conversation in the server's format. */
export interface Conversation {
  messages: ChatMessage[];
  /** The number of images that were replaced by a text. */
  droppedImages: number;
}

/**
 * Translates a conversation. The same messages always become the same bytes, so that the server finds them in
 * its cache. Consecutive messages of one role become one message, and results are in the order of their
 * calls.
 */
export function toConversation(messages: readonly VscodeMessage[], canSeeImages: boolean): Conversation {
  const builder = new ConversationBuilder(canSeeImages);
  for (const message of messages) builder.add(message);
  return builder.finish();
}

class ConversationBuilder {
  private readonly canSeeImages: boolean;
  private readonly messages: ChatMessage[] = [];
  private droppedImages = 0;
  /** The names of all calls so far, by id. */
  private readonly names = new Map<string, string>();
  /** The ids of the last calls, in order. */
  private order: string[] = [];
  /**
   * The messages since the last one of the assistant: results of calls, in any order, and everything else.
   */
  private results: { callId: string; message: ChatMessage }[] = [];
  private others: ChatMessage[] = [];

  constructor(canSeeImages: boolean) {
    this.canSeeImages = canSeeImages;
  }

  add({ role, content }: VscodeMessage): void {
    const parts = partsOf(content);
    if (role === assistantRole) this.addAssistant(parts);
    for (const part of parts) if (part?.kind === 'result') this.addResult(part);
    if (role === assistantRole) return;
    const { text, images } = this.said(parts);
    if (text === '' && images.length === 0) return;
    this.others.push({
      role: role === systemRole ? 'system' : 'user',
      content: text,
      ...(images.length > 0 ? { images } : {}),
    });
  }

  finish(): Conversation {
    this.flush();
    return { messages: this.messages, droppedImages: this.droppedImages };
  }

  private addAssistant(parts: readonly Part[]): void {
    this.flush();
    const calls = parts.flatMap((part) => (part?.kind === 'call' ? [part.call] : []));
    for (const { id, name } of calls) this.names.set(id, name);
    this.order = [
      ...(this.messages.at(-1)?.role === 'assistant' ? this.order : []),
      ...calls.map(({ id }) => id),
    ];
    const { text } = this.said(parts);
    if (text === '' && calls.length === 0) return;
    this.append({ role: 'assistant', content: text, ...(calls.length > 0 ? { toolCalls: calls } : {}) });
  }

  private addResult({ callId, parts }: { callId: string; parts: readonly Part[] }): void {
    const { text, images } = this.said(parts);
    const name = this.names.get(callId);
    const message: ChatMessage = {
      role: 'tool',
      content: text,
      ...(images.length > 0 ? { images } : {}),
      ...(name === undefined ? {} : { toolName: name }),
      toolCallId: callId,
    };
    this.results.push({ callId, message });
  }

  /** Adds the results in the order of their calls, then results of unknown calls, then the rest. */
  private flush(): void {
    const place = ({ callId }: { callId: string }): number => {
      const index = this.order.indexOf(callId);
      return index < 0 ? this.order.length : index;
    };
    const sorted = this.results.toSorted((one, other) => place(one) - place(other));
    this.messages.push(...sorted.map(({ message }) => message));
    for (const message of this.others) this.append(message);
    this.results = [];
    this.others = [];
  }

  /** The texts and images of a message. Texts are joined unchanged, unless something else is between them. */
  private said(parts: readonly Part[]): { text: string; images: string[] } {
    const images: string[] = [];
    let text = '';
    let isApart = false;
    for (const part of parts) {
      if (!part) continue;
      const isHidden = part.kind === 'image' && !this.canSeeImages;
      if (isHidden) this.droppedImages++;
      if (part.kind === 'image' && !isHidden) images.push(part.base64);
      const next = isHidden ? imagePlaceholder : part.kind === 'text' ? part.text : '';
      const separator = (isApart || isHidden) && /\S$/.test(text) && /^\S/.test(next) ? '\n' : '';
      text += separator + next;
      isApart = part.kind !== 'text' || (isApart && next === '');
    }
    return { text, images };
  }

  /** Many templates do not support two consecutive messages of one role. */
  private append(message: ChatMessage): void {
    const last = this.messages.at(-1);
    if (!last || last.role !== message.role) return void this.messages.push(message);
    const content = [last.content, message.content].filter((text) => text !== '').join('\n\n');
    const images = [...(last.images ?? []), ...(message.images ?? [])];
    const toolCalls = [...(last.toolCalls ?? []), ...(message.toolCalls ?? [])];
    this.messages[this.messages.length - 1] = {
      role: message.role,
      content,
      ...(images.length > 0 ? { images } : {}),
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
    };
  }
}

/** Reads a part by its properties; VS Code's plain objects also have a `type`. */
function readPart(part: unknown): Part {
  if (typeof part === 'string') return { kind: 'text', text: part };
  if (!isFields(part)) return undefined;
  const { value, callId, toolCallId, name, input, parameters, content, mimeType, data } = part;
  if (typeof mimeType === 'string') return readData(mimeType, data);
  const id = typeof callId === 'string' ? callId : toolCallId;
  if (typeof id === 'string' && typeof name === 'string')
    return { kind: 'call', call: { id, name, arguments: argumentsOf(input ?? parameters) } };
  if (typeof id === 'string') return { kind: 'result', callId: id, parts: partsOf(content ?? value) };
  if (isFields(value) && value['mimeType'] !== undefined) return readPart(value);
  if (isThought(part)) return undefined;
  if (typeof value === 'string') return { kind: 'text', text: value };
  return isFields(value) ? { kind: 'text', text: elementText(value) } : undefined;
}

/** Thinking is left out, as templates leave out that of earlier turns. */
function isThought(part: Readonly<Record<string, unknown>>): boolean {
  return part['type'] === 'thinking' || 'metadata' in part;
}

function partsOf(content: unknown): Part[] {
  return Array.isArray(content) ? content.map(readPart) : [readPart(content)];
}

/** Types of data that are text, images that are drawn by a text among them. */
const textTypes =
  /^text\/|^(?:application\/(?:[\w.-]+\+)?(?:json|xml|yaml|javascript|x-sh)|image\/svg\+xml)(?![\w.+-])/;

/** Text in any format is text; other data (usage, marks of other providers) is ignored. */
function readData(mimeType: string, data: unknown): Part {
  const bytes = isFields(data) && data['buffer'] instanceof Uint8Array ? data['buffer'] : data;
  if (!(bytes instanceof Uint8Array)) return undefined;
  if (textTypes.test(mimeType)) return { kind: 'text', text: new TextDecoder().decode(bytes) };
  if (mimeType.startsWith('image/')) return { kind: 'image', base64: Buffer.from(bytes).toString('base64') };
  return attachments.test(mimeType) ? { kind: 'text', text: attachmentPlaceholder(mimeType) } : undefined;
}

function argumentsOf(input: unknown): Record<string, unknown> {
  return isFields(input) ? (withSortedKeys(input) as Record<string, unknown>) : {};
}
