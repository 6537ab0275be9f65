import { jsonEnd, parsed, toolOf, type Offered } from './toolTextJson.ts';
import { behindSpace, judged, readJson, undecided, type Position, type Reading } from './toolTextPosition.ts';

/** A form with a name before its arguments. */
interface NamedForm {
  /** From the mark to the arguments; the first group is the name. */
  head: RegExp;
  /** Such a head whose end has not come yet. */
  begun: RegExp;
}

const deepseek: NamedForm = {
  head: /^\s*(?:<｜tool▁call▁begin｜>)?(?:function<｜tool▁sep｜>)?([\w.-]{1,120})(?:<｜tool▁sep｜>)?\s*(?:```json\s*)?(?=\{)/,
  begun: /^\s*[\w.<｜▁>-]{0,200}\s*`{0,3}(?:```[a-z]{0,4}\s*)?$/,
};
const kimi: NamedForm = {
  head: /^\s*(?:<\|tool_call_begin\|>)?\s*((?:functions\.)?[\w.-]{1,120}):\d{1,4}\s*<\|tool_call_argument_begin\|>\s*(?=\{)/,
  begun: /^\s*[\w.<|>:-]{0,200}\s*[\w<|>]{0,40}\s*$/,
};
/** The forms of Functionary, DeepSeek and Kimi, by their marks. */
export const namedForms: Readonly<Record<string, NamedForm>> = {
  '>>>': { head: /^([\w.-]{1,120})[ \t]*\r?\n\s*(?=\{)/, begun: /^[\w.-]{0,120}[ \t]*\r?(?:\n\s*)?$/ },
  '<｜tool▁calls▁begin｜>': deepseek,
  '<｜tool▁call▁begin｜>': deepseek,
  '<|tool_calls_section_begin|>': kimi,
  '<|tool_call_begin|>': kimi,
};

/** After `[TOOL_CALLS]`: JSON, or names, each followed by its arguments. */
export function readNamed(position: Position, offered: Offered): Reading {
  const start = behindSpace(position);
  if (start.at >= start.text.length) return undecided(position);
  if (/[{[]/.test(start.text[start.at]!)) return readJson(start, offered);
  const name = /^([\w.:-]{1,120})(?:\[CALL_ID\][\w-]{0,60})?(?:\[ARGS\])?\s*(?=\{)/;
  const [head, called] = name.exec(start.text.slice(start.at, start.at + 240)) ?? [];
  if (head === undefined || called === undefined)
    return /^[\w.:-]{0,120}(?:\[[\w[\]-]{0,120})?\s*$/.test(start.text.slice(start.at))
      ? undecided(position)
      : 'none';
  const from = start.at + head.length;
  const end = jsonEnd(start.text, from);
  if (end === undefined) return undecided(position);
  const read = judged(position, end, called, parsed(start.text.slice(from, end)), offered);
  const again = behindSpace({ ...position, at: end });
  if (typeof read !== 'object' || !again.text.startsWith('[TOOL_CALLS]', again.at)) return read;
  const more = readNamed({ ...again, at: again.at + '[TOOL_CALLS]'.length }, offered);
  return typeof more === 'object' ? { calls: [...read.calls, ...more.calls], end: more.end } : read;
}

/** Reads a name and its arguments, by the regular expressions of a form. */
export function readNamedForm(position: Position, opener: string, offered: Offered): Reading {
  const { head, begun } = namedForms[opener]!;
  const rest = position.text.slice(position.at, position.at + 300);
  const [whole, name] = head.exec(rest) ?? [];
  if (whole === undefined || name === undefined) return begun.test(rest) ? undecided(position) : 'none';
  const from = position.at + whole.length;
  if (!toolOf(name, offered)) return 'none';
  const end = jsonEnd(position.text, from);
  if (end === undefined) return undecided(position);
  const behind = /^\s*```/.exec(position.text.slice(end, end + 20));
  const isFenced = whole.includes('```');
  if (isFenced && !behind && !position.isFinal && position.text.slice(end).trim().length < 3) return 'more';
  const to = isFenced && behind ? end + behind[0].length : end;
  return judged(position, to, name, parsed(position.text.slice(from, end)), offered);
}

/** The format of gpt-oss: a channel, the recipient, and the arguments as the message's text. */
const harmonyHead =
  /^(?:<\|start\|>assistant|assistant)?(?:\s*to=([\w.:-]+))?\s*(?:<\|channel\|>)?\s*(?:commentary|analysis)?(?:\s+to=([\w.:-]+))?\s*(?:<\|constrain\|>)?\s*(?:json|code)?\s*(?:<\|message\|>)?\s*(?=\{)/;
/** Such a head whose end has not come yet. */
const harmonyBegun =
  /^(?:<\|start\|>assistant|assistant)?(?:\s*to=[\w.:-]*)?\s*(?:<\|channel\|?>?)?\s*(?:[a-z]{0,10})(?:\s+(?:t|to|to=[\w.:-]*))?\s*(?:<[|a-z]*>?)?\s*(?:[a-z]{0,5})\s*(?:<[|a-z]*>?)?\s*$/;

export function readHarmony(position: Position, offered: Offered): Reading {
  const { text, at } = position;
  const rest = text.slice(at, at + 400);
  const [head, before, behind] = harmonyHead.exec(rest) ?? [];
  if (head === undefined) return harmonyBegun.test(rest) ? undecided(position) : 'none';
  const name = behind ?? before;
  if (name === undefined || !toolOf(name, offered)) return 'none';
  const end = jsonEnd(text, at + head.length);
  if (end === undefined) return undecided(position);
  return judged(position, end, name, parsed(text.slice(at + head.length, end)), offered);
}
