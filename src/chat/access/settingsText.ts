/** A change of a text. */
export interface TextChange {
  at: number;
  length: number;
  text: string;
}

/** A member of the outermost object: where its name begins, and its value. */
interface Member {
  name: string;
  start: number;
  value: number;
  end: number;
}

const indent = '    ';
/** White space and comments, as settings.json may have them. */
const trivia = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const string = /"(?:[^"\\\n]|\\.)*"/y;
const literal = /[^\s,{}[\]"/]+/y;

/**
 * The change that sets a setting in the text of a settings.json, or removes it. Everything else in it, comments
 * too, stays as it is.
 * @returns `undefined` if the text is not such an object
 */
export function settingChange(text: string, name: string, value: unknown): TextChange | undefined {
  const open = end(trivia, text, 0)!;
  const line = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  if (open === text.length) {
    if (value === undefined) return { at: 0, length: 0, text: '' };
    return { at: open, length: 0, text: `{\n${indent}${line}\n}\n` };
  }
  const members = text[open] === '{' ? membersOf(text, open + 1) : undefined;
  if (!members) return undefined;
  const found = members.findLast((member) => member.name === name);
  if (found && value === undefined) return removal(text, found);
  if (found) return { at: found.value, length: found.end - found.value, text: JSON.stringify(value) };
  if (value === undefined) return { at: 0, length: 0, text: '' };
  const last = /^[ \t]*\r?\n/.test(text.slice(open + 1)) ? '' : '\n';
  return { at: open + 1, length: 0, text: `\n${indent}${line}${members.length > 0 ? ',' : last}` };
}

/** The members up to the closing brace; `undefined` if the text is something else. */
function membersOf(text: string, from: number): Member[] | undefined {
  const members: Member[] = [];
  for (let at = end(trivia, text, from)!; text[at] !== '}';) {
    const nameEnd = end(string, text, at);
    const colon = nameEnd === undefined ? undefined : end(trivia, text, nameEnd);
    if (colon === undefined || text[colon] !== ':') return undefined;
    const value = end(trivia, text, colon + 1)!;
    const valueEnd = endOfValue(text, value);
    const name = nameOf(text.slice(at, nameEnd));
    if (valueEnd === undefined || name === undefined) return undefined;
    members.push({ name, start: at, value, end: valueEnd });
    at = end(trivia, text, valueEnd)!;
    if (text[at] === ',') at = end(trivia, text, at + 1)!;
    else if (text[at] !== '}') return undefined;
  }
  return members;
}

/** The end of a value; brackets in strings and comments do not count. */
function endOfValue(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length;) {
    const character = text[at]!;
    if (/[{[]/.test(character)) depth++;
    if (/[}\]]/.test(character)) depth--;
    const next = /[{}[\],:]/.test(character) ? at + 1 : (end(string, text, at) ?? end(literal, text, at));
    if (next === undefined || depth < 0) return undefined;
    if (depth === 0) return character === ',' || character === ':' ? undefined : next;
    at = end(trivia, text, next)!;
  }
  return undefined;
}

/** With the line break before it and the comma behind it. */
function removal(text: string, { start, end: to }: Member): TextChange {
  const from = /(?:\r?\n)?[ \t]*$/.exec(text.slice(0, start))!.index;
  const comma = end(trivia, text, to)!;
  const behind = text[comma] === ',' ? comma + 1 : to;
  return { at: from, length: behind - from, text: '' };
}

function nameOf(json: string): string | undefined {
  try {
    return String(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** The end of what a regular expression matches at a position. */
function end(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
