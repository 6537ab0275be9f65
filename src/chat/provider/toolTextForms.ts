import { isFields } from '../../ollama/index.ts';
import { fitsSchema } from './jsonSchema.ts';
import { jsonEnd, parsed, toolOf, type Offered, type OfferedTool } from './toolTextJson.ts';
import { namedForms, readHarmony, readNamed, readNamedForm } from './toolTextNamed.ts';
import { behindSpace, judged, readJson, undecided, type Position, type Reading } from './toolTextPosition.ts';

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
  'to=functions.',
  '<function_calls>',
  '<minimax:tool_call>',
  '<invoke name=',
  ...Object.keys(namedForms),
];
export const longestOpener = Math.max(...openers.map(({ length }) => length));

/** The mark that begins at a position. */
export function openerAt(text: string, at: number): string | undefined {
  return openers.find((opener) => text.startsWith(opener, at));
}

/** Whether the rest of a text may be the beginning of a mark. */
export function mayBeOpener(rest: string): boolean {
  return openers.some((opener) => opener.length > rest.length && opener.startsWith(rest));
}

/** Reads calls that begin with a mark. */
export function readMarked(position: Position, opener: string, offered: Offered): Reading {
  const inside = { ...position, at: position.at + opener.length };
  switch (opener) {
    case '<function=':
      return readFunction({ ...position }, offered);
    case '[TOOL_CALLS]':
      return readNamed(inside, offered);
    case '<invoke name=':
      return readInvoke(position, offered);
    case '<|start|>assistant':
    case '<|channel|>':
    case 'commentary to=functions.':
    case 'assistantcommentary to=functions.':
    case 'to=functions.':
      return readHarmony(position, offered);
    default:
      return opener in namedForms ? readNamedForm(inside, opener, offered) : readTagged(inside, offered);
  }
}

/** JSON, calls in XML, or a name with keys and values in XML, between marks. */
function readTagged(position: Position, offered: Offered): Reading {
  const start = behindSpace(position);
  if (start.at >= start.text.length) return undecided(position);
  if (/[{[]/.test(start.text[start.at]!)) return readJson(start, offered);
  const rest = start.text.slice(start.at, start.at + longestOpener);
  if (rest.startsWith('<function=')) return readFunction(start, offered);
  if (rest.startsWith('<invoke name=')) return readInvoke(start, offered);
  if (['<function=', '<invoke name='].some((inner) => inner.startsWith(rest))) return undecided(position);
  return readPairs(start, offered);
}

/** `<function=name>`, then JSON or `<parameter=key>value</parameter>`, then `</function>`. */
function readFunction(position: Position, offered: Offered): Reading {
  const { text, at } = position;
  const [head, name] = /^<function=([^>\s]{1,120})>/.exec(text.slice(at, at + 140)) ?? [];
  if (head === undefined || name === undefined)
    return /^<function=[^>\s]{0,120}$/.test(text.slice(at)) ? undecided(position) : 'none';
  const tool = toolOf(name, offered);
  if (!tool) return 'none';
  const inside = behindSpace({ ...position, at: at + head.length });
  if (inside.text[inside.at] === '{') {
    const end = jsonEnd(text, inside.at);
    if (end === undefined) return undecided(position);
    return judged(position, end, name, parsed(text.slice(inside.at, end)), offered);
  }
  return readValues(
    { ...position, at: inside.at },
    { tool, form: parameters, close: '</function>' },
    offered,
  );
}

/** `<invoke name="name">`, then `<parameter name="key">value</parameter>`, then `</invoke>`. */
function readInvoke(position: Position, offered: Offered): Reading {
  const { text, at } = position;
  const [head, name] = /^<invoke name="([^">\s]{1,120})">/.exec(text.slice(at, at + 140)) ?? [];
  if (head === undefined || name === undefined)
    return /^<invoke name=(?:"[^">\s]{0,120}"?)?$/.test(text.slice(at)) ? undecided(position) : 'none';
  const tool = toolOf(name, offered);
  if (!tool) return 'none';
  const inside = behindSpace({ ...position, at: at + head.length });
  return readValues(inside, { tool, form: namedParameters, close: '</invoke>' }, offered);
}

/** A name, then `<arg_key>key</arg_key><arg_value>value</arg_value>` up to the closing mark. */
function readPairs(position: Position, offered: Offered): Reading {
  const { text, at } = position;
  const [head, name] = /^([\w.:-]{1,120})\s*(?=<)/.exec(text.slice(at, at + 140)) ?? [];
  const tool = name === undefined ? undefined : toolOf(name, offered);
  if (head === undefined) return /^[\w.:-]{0,120}\s*$/.test(text.slice(at)) ? undecided(position) : 'none';
  if (!tool) return 'none';
  return readValues(
    { ...position, at: at + head.length },
    { tool, form: keyedPairs, close: '</tool_call>' },
    offered,
  );
}

/** How one value is written: from its key to the text, and its end. */
interface ValueForm {
  /** The first group is the key. */
  open: RegExp;
  end: string;
}
const parameters: ValueForm = { open: /<parameter=([^>\s]{1,200})>/y, end: '</parameter>' };
const namedParameters: ValueForm = {
  open: /<parameter name="([^">]{1,200})"[^>]{0,200}>/y,
  end: '</parameter>',
};
const keyedPairs: ValueForm = {
  open: /<arg_key>([^<]{0,200})<\/arg_key>\s*<arg_value>/y,
  end: '</arg_value>',
};

/** Values up to the mark that closes the call. */
function readValues(
  position: Position,
  { tool, form, close }: { tool: OfferedTool; form: ValueForm; close: string },
  offered: Offered,
): Reading {
  const { text } = position;
  const values: [key: string, value: string][] = [];
  let { at } = behindSpace(position);
  while (!text.startsWith(close, at)) {
    const opened = matchAt(form.open, text, at);
    const from = at + (opened?.[0].length ?? 0);
    const value = opened && valueFrom({ ...position, at: from }, form, close);
    if (!value) return undecided(position);
    values.push([opened[1]!.trim(), text.slice(from, value.end).replace(/^\n/, '').replace(/\n$/, '')]);
    at = value.next;
  }
  return judged(position, at, tool.name, argumentsOf(values, tool.parameters), offered);
}

/** A value may contain its own end: only one with the next value or the closing mark behind it counts. */
function valueFrom(
  position: Position,
  { open, end: mark }: ValueForm,
  close: string,
): { end: number; next: number } | undefined {
  const { text } = position;
  for (let end = text.indexOf(mark, position.at); end >= 0; end = text.indexOf(mark, end + 1)) {
    const next = behindSpace({ ...position, at: end + mark.length }).at;
    if (text.startsWith(close, next) || matchAt(open, text, next)) return { end, next };
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
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
