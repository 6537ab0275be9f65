import { allOf, callsInJson, jsonEnd, judgedCall, type Offered, type TextCall } from './toolTextJson.ts';

/**
 * What begins at a position: `more`: unknown until more text has come; `none`: not a call; or calls and where
 * they end.
 */
export type Reading = 'more' | 'none' | { calls: TextCall[]; end: number };

/** The text so far, and the position from which it is read. */
export interface Position {
  text: string;
  at: number;
  /** Whether the text is complete. */
  isFinal: boolean;
}

/** The marks that end calls. */
const closers =
  /^\s*(?:<\/(?:(?:minimax:)?tool_calls?|function_?calls?|tools|function|invoke)>|\[END_TOOL_REQUEST\]|\[\/TOOL_CALLS\]|<\|\/tool_calls?\|>|<tool_call\|>|<\|(?:call|eom_id|eot_id|end|im_end|endoftext)\|>|<\/s>|<(?:\|tool_call(?:s_section)?_end\||｜tool▁calls?▁end｜)>)/;
const longestCloser = 32;

/** Consecutive JSON values. */
export function readJson(position: Position, offered: Offered): Reading {
  const end = jsonEnd(position.text, position.at);
  if (end === undefined) return undecided(position);
  const calls = callsInJson(position.text.slice(position.at, end), offered);
  if (!calls) return 'none';
  const next = behindSeparator({ ...position, at: end });
  if (next.at >= next.text.length && !position.isFinal) return 'more';
  if (next.text[next.at] !== '{') return closed({ ...position, at: end }, calls);
  const more = readJson(next, offered);
  return typeof more === 'object' ? { calls: [...calls, ...more.calls], end: more.end } : more;
}

export function judged(
  position: Position,
  end: number,
  name: string,
  args: unknown,
  offered: Offered,
): Reading {
  const calls = allOf([judgedCall(name, args, offered)]);
  return calls ? closed({ ...position, at: end }, calls) : 'none';
}

/** Includes the closing marks after the calls, once they have come. */
function closed({ text, at, isFinal }: Position, calls: TextCall[]): Reading {
  let end = at;
  for (;;) {
    const rest = text.slice(end, end + longestCloser);
    const [mark] = closers.exec(rest) ?? [];
    if (mark === undefined) {
      const mayCome = /^\s*(?:[<[][^>\]\s]*)?$/.test(rest) && rest.length < longestCloser;
      return mayCome && !isFinal ? 'more' : { calls, end };
    }
    end += mark.length;
  }
}

/** An unfinished call in a complete text is not a call. */
export function undecided({ isFinal }: Position): Reading {
  return isFinal ? 'none' : 'more';
}

/** White space and the mark that some models put between two calls. */
function behindSeparator(position: Position): Position {
  const { at } = behindSpace(position);
  return behindSpace({ ...position, at: /[;,]/.test(position.text[at] ?? '') ? at + 1 : at });
}

export function behindSpace(position: Position): Position {
  const [space] = /^\s*/.exec(position.text.slice(position.at))!;
  return { ...position, at: position.at + space.length };
}
