import { isFields } from '../../ollama/index.ts';
import { fitsSchema } from './jsonSchema.ts';
import {
  allOf,
  callsInJson,
  jsonEnd,
  judgedCall,
  parsed,
  toolOf,
  type Offered,
  type OfferedTool,
  type TextCall,
} from './toolTextJson.ts';

/**
 * What begins at a position: `more`: unknown until more text has come; `none`: not a call; or calls and where
 * they end.
 */
export type Reading = 'more' | 'none' | { calls: TextCall[]; end: number };

/** The text so far, and the position from which it is read. */
export interface Place {
  text: string;
  at: number;
  /** Whether the text is complete. */
  isFinal: boolean;
}

/** The marks with which models' templates begin a call. */
const openers = [
  '<tool_call>',
  '<tool_calls>',
  '<function_call>',
  '<functioncall>',
  '<tools>',
  '<function=',
  '[TOOL_CALLS]',
  '[TOOL_REQUEST]',
  '<|tool_call|>',
  '<|tool_call>',
  '<|tool_calls|>',
  '<|python_tag|>',
  '<|start|>assistant',
  '<|channel|>',
  'commentary to=functions.',
  'assistantcommentary to=functions.',
] as const;
export const longestOpener = Math.max(...openers.map(({ length }) => length));

/** The marks that end calls. */
const closers =
  /^\s*(?:<\/(?:tool_calls?|function_?calls?|tools|function)>|\[END_TOOL_REQUEST\]|\[\/TOOL_CALLS\]|<\|\/tool_calls?\|>|<tool_call\|>|<\|(?:call|eom_id|eot_id|end)\|>)/;
const longestCloser = 24;

/** The mark that begins at a position. */
export function openerAt(text: string, at: number): string | undefined {
  return openers.find((opener) => text.startsWith(opener, at));
}

/** Whether the rest of a text may be the beginning of a mark. */
export function mayBeOpener(rest: string): boolean {
  return openers.some((opener) => opener.length > rest.length && opener.startsWith(rest));
}

/** Reads calls that begin with a mark. */
export function readMarked(place: Place, opener: string, offered: Offered): Reading {
  const inside = { ...place, at: place.at + opener.length };
  switch (opener) {
    case '<function=':
      return readFunction({ ...place }, offered);
    case '[TOOL_CALLS]':
      return readNamed(inside, offered);
    case '<|start|>assistant':
    case '<|channel|>':
    case 'commentary to=functions.':
    case 'assistantcommentary to=functions.':
      return readHarmony(place, offered);
    default:
      return readTagged(inside, offered);
  }
}

/** JSON, calls in XML, or a name with keys and values in XML, between marks. */
function readTagged(place: Place, offered: Offered): Reading {
  const start = behindSpace(place);
  if (start.at >= start.text.length) return undecided(place);
  if (/[{[]/.test(start.text[start.at]!)) return readJson(start, offered);
  if (start.text.startsWith('<function=', start.at)) return readFunction(start, offered);
  if ('<function='.startsWith(start.text.slice(start.at))) return undecided(place);
  return readPairs(start, offered);
}

/** Consecutive JSON values. */
function readJson(place: Place, offered: Offered): Reading {
  const end = jsonEnd(place.text, place.at);
  if (end === undefined) return undecided(place);
  const calls = callsInJson(place.text.slice(place.at, end), offered);
  if (!calls) return 'none';
  const next = behindSpace({ ...place, at: end });
  if (next.text[next.at] !== '{') return closed({ ...place, at: end }, calls);
  const more = readJson(next, offered);
  return typeof more === 'object' ? { calls: [...calls, ...more.calls], end: more.end } : more;
}

/** `<function=name>`, then JSON or `<parameter=key>value</parameter>`, then `</function>`. */
function readFunction(place: Place, offered: Offered): Reading {
  const { text, at } = place;
  const [head, name] = /^<function=([^>\s]{1,120})>/.exec(text.slice(at, at + 140)) ?? [];
  if (head === undefined || name === undefined)
    return /^<function=[^>\s]{0,120}$/.test(text.slice(at)) ? undecided(place) : 'none';
  const tool = toolOf(name, offered);
  if (!tool) return 'none';
  const inside = behindSpace({ ...place, at: at + head.length });
  if (inside.text[inside.at] === '{') {
    const end = jsonEnd(text, inside.at);
    if (end === undefined) return undecided(place);
    return judged(place, end, name, parsed(text.slice(inside.at, end)), offered);
  }
  return readValues({ ...place, at: inside.at }, { tool, pairs: parameters, close: '</function>' }, offered);
}

/** A name, then `<arg_key>key</arg_key><arg_value>value</arg_value>` up to the closing mark. */
function readPairs(place: Place, offered: Offered): Reading {
  const { text, at } = place;
  const [head, name] = /^([\w.:-]{1,120})\s*(?=<)/.exec(text.slice(at, at + 140)) ?? [];
  const tool = name === undefined ? undefined : toolOf(name, offered);
  if (head === undefined) return /^[\w.:-]{0,120}\s*$/.test(text.slice(at)) ? undecided(place) : 'none';
  if (!tool) return 'none';
  return readValues(
    { ...place, at: at + head.length },
    { tool, pairs: keyedPairs, close: '</tool_call>' },
    offered,
  );
}

/** Keys and values in XML. A value ends before the next key or the end. */
const parameters = /<parameter=([^>\s]+)>\n?([^]*?)\n?<\/parameter>\s*(?=<parameter=|$)/g;
const keyedPairs = /<arg_key>([^<]*)<\/arg_key>\s*<arg_value>([^]*?)<\/arg_value>\s*(?=<arg_key>|$)/g;

/**
 * Values up to the first closing mark that has only white space before it: a value may contain such a mark.
 */
function readValues(
  place: Place,
  { tool, pairs, close }: { tool: OfferedTool; pairs: RegExp; close: string },
  offered: Offered,
): Reading {
  const { text, at } = place;
  for (let end = text.indexOf(close, at); end >= 0; end = text.indexOf(close, end + 1)) {
    const body = text.slice(at, end).trim();
    if (body.replaceAll(pairs, '') !== '') continue;
    const values = [...body.matchAll(pairs)].map(([, key, value]) => [key!.trim(), value!] as const);
    return judged(place, end, tool.name, argumentsOf(values, tool.parameters), offered);
  }
  return undecided(place);
}

/** After `[TOOL_CALLS]`: JSON, or names, each followed by its arguments. */
function readNamed(place: Place, offered: Offered): Reading {
  const start = behindSpace(place);
  if (start.at >= start.text.length) return undecided(place);
  if (/[{[]/.test(start.text[start.at]!)) return readJson(start, offered);
  const name = /^([\w.:-]{1,120})(?:\[CALL_ID\][\w-]{0,60})?(?:\[ARGS\])?\s*(?=\{)/;
  const [head, called] = name.exec(start.text.slice(start.at, start.at + 240)) ?? [];
  if (head === undefined || called === undefined)
    return /^[\w.:-]{0,120}(?:\[[\w\]-]{0,80})?\s*$/.test(start.text.slice(start.at))
      ? undecided(place)
      : 'none';
  const from = start.at + head.length;
  const end = jsonEnd(start.text, from);
  if (end === undefined) return undecided(place);
  const read = judged(place, end, called, parsed(start.text.slice(from, end)), offered);
  const again = behindSpace({ ...place, at: end });
  if (typeof read !== 'object' || !again.text.startsWith('[TOOL_CALLS]', again.at)) return read;
  const more = readNamed({ ...again, at: again.at + '[TOOL_CALLS]'.length }, offered);
  return typeof more === 'object' ? { calls: [...read.calls, ...more.calls], end: more.end } : read;
}

/** The format of gpt-oss: a channel, the recipient, and the arguments as the message's text. */
const harmonyHead =
  /^(?:<\|start\|>assistant|assistant)?(?:\s*to=(\S+?))?\s*(?:<\|channel\|>)?\s*(?:commentary|analysis)(?:\s+to=([\w.:-]+))?\s*(?:<\|constrain\|>)?\s*(?:json|code)?\s*(?:<\|message\|>)?\s*(?=\{)/;
/** Such a head whose end has not come yet. */
const harmonyBegun =
  /^(?:<\|start\|>assistant|assistant)?(?:\s*to=[\w.:-]*)?\s*(?:<\|channel\|?>?)?\s*(?:[a-z]{0,10})(?:\s+(?:t|to|to=[\w.:-]*))?\s*(?:<[|a-z]*>?)?\s*(?:[a-z]{0,5})\s*(?:<[|a-z]*>?)?\s*$/;

function readHarmony(place: Place, offered: Offered): Reading {
  const { text, at } = place;
  const rest = text.slice(at, at + 400);
  const [head, before, behind] = harmonyHead.exec(rest) ?? [];
  if (head === undefined) return harmonyBegun.test(rest) ? undecided(place) : 'none';
  const name = behind ?? before;
  if (name === undefined || !toolOf(name, offered)) return 'none';
  const end = jsonEnd(text, at + head.length);
  if (end === undefined) return undecided(place);
  return judged(place, end, name, parsed(text.slice(at + head.length, end)), offered);
}

/** Values that are written as plain text: the text itself if the schema allows it, else its value as JSON. */
function argumentsOf(
  pairs: readonly (readonly [string, string])[],
  schema: object | undefined,
): Record<string, unknown> {
  const properties = isFields(schema) && isFields(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    pairs.map(([key, value]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : true;
      const meant = parsed(value);
      return [key, fitsSchema(property, value) || meant === undefined ? value : meant];
    }),
  );
}

function judged(place: Place, end: number, name: string, args: unknown, offered: Offered): Reading {
  const calls = allOf([judgedCall(name, args, offered)]);
  return calls ? closed({ ...place, at: end }, calls) : 'none';
}

/** Includes the closing marks after the calls, once they have come. */
function closed({ text, at, isFinal }: Place, calls: TextCall[]): Reading {
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
function undecided({ isFinal }: Place): Reading {
  return isFinal ? 'none' : 'more';
}

function behindSpace(place: Place): Place {
  const [space] = /^\s*/.exec(place.text.slice(place.at))!;
  return { ...place, at: place.at + space.length };
}
