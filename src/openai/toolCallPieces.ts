import { newCallId } from '../http/client/answerCollector.ts';
import type { ToolCall } from '../http/client/generation.ts';
import { isFields, parseJson } from '../http/json.ts';
import type { ToolCallPiece } from './wire.ts';

interface Collected {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
}

/** Calls of tools, whose arguments arrive in pieces: an index says which call a piece belongs to. */
export class ToolCallPieces {
  private readonly calls: Collected[] = [];

  add(piece: ToolCallPiece): void {
    const call = this.callOf(piece);
    if (!call) {
      this.calls.push({ ...piece });
      return;
    }
    // Some servers repeat name and identifier with every piece.
    call.id ||= piece.id;
    call.name ||= piece.name;
    call.arguments += piece.arguments;
  }

  /** @returns the calls in the order in which they began; `undefined` when one of them is not whole */
  whole(): ToolCall[] | undefined {
    const calls = this.calls.map(toToolCall);
    return calls.includes(undefined) ? undefined : (calls as ToolCall[]);
  }

  get isEmpty(): boolean {
    return this.calls.length === 0;
  }

  /** Servers that give no index send whole calls, or go on with the latest one, which an identifier tells apart. */
  private callOf({ index, id, name }: ToolCallPiece): Collected | undefined {
    if (index !== undefined) return this.calls.find((call) => call.index === index);
    const latest = this.calls.at(-1);
    const isNew = id === '' ? name !== '' : id !== latest?.id;
    return isNew ? undefined : latest;
  }
}

function toToolCall({ id, name, arguments: text }: Collected): ToolCall | undefined {
  const args = text.trim() === '' ? {} : parseJson(text);
  if (name === '' || !isFields(args)) return undefined;
  return { id: id || newCallId(), name, arguments: args };
}
