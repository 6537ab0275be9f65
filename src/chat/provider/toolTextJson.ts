import { isFields } from '../../ollama/index.ts';
import { fitsSchema } from './jsonSchema.ts';

/** An offered tool, with what is needed to check a call. */
export interface OfferedTool {
  name: string;
  /** A JSON schema. */
  parameters?: object | undefined;
}

/** A call in the text of an answer. */
export interface TextCall {
  name: string;
  arguments: Record<string, unknown>;
}

type Fields = Readonly<Record<string, unknown>>;

/** The tools of one request, by name. */
export type Offered = ReadonlyMap<string, OfferedTool>;

const nameKeys = ['name', 'tool', 'tool_name', 'function'] as const;
const argumentKeys = ['arguments', 'parameters', 'args', 'input'] as const;
/** Other keys that a call may have. */
const otherKeys = ['id', 'type', 'tool_call_id', 'index', 'tool_calls'] as const;
const knownKeys: ReadonlySet<string> = new Set([...nameKeys, ...argumentKeys, ...otherKeys]);
/** Keys of a whole message with calls, as servers return it. */
const messageKeys = ['role', 'content'] as const;
const firstKeys = [...knownKeys, ...messageKeys];

/** The end of a JSON object or array that begins at `at`; `undefined` if it has no end yet. */
export function jsonEnd(text: string, at: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let index = at; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return index + 1;
  }
  return undefined;
}

/** The number of characters that decide whether a text begins like a call. */
const headChars = 300;
/** The first key, perhaps incomplete. */
const firstKey = /^(?:\[\s*)?(?:\{\s*(?:"(\w*)("?))?)?/;
const firstName = new RegExp(
  `^(?:\\[\\s*)?\\{\\s*"(?:${nameKeys.join('|')})"\\s*:\\s*(?:"([^"\\\\]*)"|([^"\\s{]))`,
);

/** Whether a text that begins with `{` or `[` may become calls of offered tools. */
export function mayBeCall(text: string, at: number, offered: Offered): boolean {
  const head = text.slice(at, at + headChars);
  const [whole, key = '', isKeyWhole] = firstKey.exec(head) ?? ['', ''];
  if (whole.length < head.trimEnd().length && isKeyWhole !== '"') return false;
  const isKnown = firstKeys.some((one) => (isKeyWhole === '"' ? one === key : one.startsWith(key)));
  if (!isKnown) return false;
  const [hasName, name, other] = firstName.exec(head) ?? [];
  if (hasName === undefined) return true;
  return other === undefined && toolOf(name ?? '', offered) !== undefined;
}

/** The calls in a JSON text: one, or a list. All of them must be calls of offered tools. */
export function callsInJson(text: string, offered: Offered): TextCall[] | undefined {
  try {
    return callsIn(JSON.parse(text), offered);
  } catch {
    return undefined;
  }
}

function callsIn(value: unknown, offered: Offered): TextCall[] | undefined {
  if (Array.isArray(value)) return allOf(value.map((one) => callIn(one, offered)));
  if (isFields(value) && Array.isArray(value['tool_calls']))
    return isOnlyCalls(value) ? callsIn(value['tool_calls'], offered) : undefined;
  return allOf([callIn(value, offered)]);
}

/** Whether a message has no text besides its calls. */
function isOnlyCalls({ tool_calls: _, role = 'assistant', content = null, ...others }: Fields): boolean {
  return role === 'assistant' && (content === null || content === '') && Object.keys(others).length === 0;
}

export function allOf(calls: readonly (TextCall | undefined)[]): TextCall[] | undefined {
  const found = calls.filter((call) => call !== undefined);
  return found.length > 0 && found.length === calls.length ? found : undefined;
}

function callIn(value: unknown, offered: Offered): TextCall | undefined {
  if (!isFields(value) || !Object.keys(value).every((key) => knownKeys.has(key))) return undefined;
  const { function: inner } = value;
  if (isFields(inner)) return 'function' in inner ? undefined : callIn(inner, offered);
  const names = nameKeys.filter((key) => typeof value[key] === 'string');
  const given = argumentKeys.filter((key) => value[key] !== undefined);
  if (names.length !== 1 || given.length !== 1) return undefined;
  return judgedCall(String(value[names[0]!]), value[given[0]!], offered);
}

/**
 * A call, if the tool was offered and its arguments fit. Some models write the arguments as a string of JSON.
 */
export function judgedCall(name: string, given: unknown, offered: Offered): TextCall | undefined {
  const tool = toolOf(name, offered);
  const args = typeof given === 'string' ? parsed(given) : given;
  if (!tool || !isFields(args) || !fitsSchema(tool.parameters ?? { type: 'object' }, args)) return undefined;
  return { name: tool.name, arguments: { ...args } };
}

/** Some templates put a namespace before the name. */
export function toolOf(name: string, offered: Offered): OfferedTool | undefined {
  return offered.get(name) ?? offered.get(name.replace(/^functions[.:]/, ''));
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
