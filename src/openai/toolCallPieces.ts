import { endless, mostCalls, newCallId } from '../http/client/answerCollector.ts';
import type { ToolCall } from '../http/client/generation.ts';
import { isFields, parseJson } from '../http/json.ts';
import type { ToolCallPiece } from './wire.ts';

interface Collected {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
}

/** Most characters of the pieces, and characters that a piece counts in addition to its own. */
const mostChars = 16 * 1024 * 1024;
const pieceOverhead = 64;

/** Tool calls whose arguments arrive in pieces. An index shows the call of a piece. */
export class ToolCallPieces {
  private readonly calls: Collected[] = [];
  private chars = 0;

  /** @throws OllamaProtocolError when the calls have no end */
  add(piece: ToolCallPiece): void {
    this.chars += piece.arguments.length + piece.id.length + piece.name.length + pieceOverhead;
    if (this.chars > mostChars || this.calls.length > mostCalls) throw endless();
    const call = this.callOf(piece);
    if (!call) {
      this.calls.push({ ...piece });
      return;
    }
    call.id ||= piece.id;
    call.name = nameOf(call, piece);
    // Some servers repeat what they have sent, or the whole call at its end.
    const isRepeated = call.arguments !== '' && isWhole(piece.arguments) && startsLike(piece, call);
    call.arguments = isRepeated ? piece.arguments : call.arguments + piece.arguments;
  }

  /** @returns the calls in the order of their starts; `undefined` when one is incomplete */
  whole(): ToolCall[] | undefined {
    const calls = this.calls.map(toToolCall);
    return calls.includes(undefined) ? undefined : (calls as ToolCall[]);
  }

  get isEmpty(): boolean {
    return this.calls.length === 0;
  }

  /**
   * Servers without an index send whole calls, or continue the latest one, which an id distinguishes. Some gateways
   * give all calls the same index; others give each piece another id, or none.
   */
  private callOf({ index, id, name, arguments: args }: ToolCallPiece): Collected | undefined {
    if (index !== undefined) {
      const known = this.calls.findLast((call) => call.index === index);
      if (known === undefined || name === '') return known;
      const isAnother =
        id === '' ? args !== known.arguments && isWhole(args) && isWhole(known.arguments) : id !== known.id;
      return isAnother ? undefined : known;
    }
    const latest = this.calls.at(-1);
    const isNew = id === '' ? name !== '' : id !== latest?.id;
    return isNew ? undefined : latest;
  }
}

/** Servers repeat the name with every piece, or send it in pieces before the arguments. */
function nameOf(call: Collected, { name }: ToolCallPiece): string {
  if (name === '' || name === call.name) return call.name;
  if (name.startsWith(call.name)) return name;
  return call.arguments === '' ? call.name + name : call.name;
}

/** Longest text that is read with every piece. */
const mostRead = 65_536;

/** Whether arguments are complete. */
function isWhole(text: string): boolean {
  return text.length <= mostRead && text.trimEnd().endsWith('}') && isFields(parseJson(text));
}

/** Whether a piece contains everything that a call has already. */
function startsLike(piece: ToolCallPiece, call: Collected): boolean {
  return piece.arguments.startsWith(call.arguments);
}

function toToolCall({ id, name, arguments: text }: Collected): ToolCall | undefined {
  const args = argumentsIn(text);
  if (name === '' || !isFields(args)) return undefined;
  return { id: id || newCallId(), name, arguments: args };
}

/** Some servers encode the arguments twice; for none, some write nothing or `null`. */
function argumentsIn(text: string): unknown {
  const read = text.trim() === '' ? {} : parseJson(text);
  const args = typeof read === 'string' ? parseJson(read) : read;
  return args === null ? {} : args;
}
