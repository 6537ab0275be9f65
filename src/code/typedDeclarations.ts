import type { BraceRules, Head } from './declarationsInBraces.ts';
import type { Context, MaskedCode } from './declarationTypes.ts';

const id = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const sticky = (source: string): RegExp => new RegExp(source, 'uy');
const annotation = /@(?!interface\b)[\w.]+(?:\s*\()?/y;

const javaMods = String.raw`(?:(?:public|private|protected|internal|static|final|abstract|sealed|non-sealed|partial|readonly|unsafe|new|file|ref|default|strictfp|open|base|mixin|interface)\s+)*`;

const typeHead = sticky(
  `${javaMods}(?:(?:enum\\s+)?(class|struct)|(interface|enum|record(?:\\s+(?:class|struct))?|@interface|union|extension|mixin))\\b\\s*(?:\\[\\[[^\\]]*\\]\\]\\s*)?(?:[A-Z_]+\\s+(?=${id}))?((?:${id}(?:::|\\.))*${id})?`,
);
const space = sticky(`(?:inline\\s+)?(namespace)\\b\\s*([\\w.:]*)`);
const control =
  /^(?:if|else|for|foreach|while|switch|case|catch|return|throw|new|delete|do|try|using|lock|fixed|goto|break|continue|assert|super|this|yield|await|static_assert|synchronized|when|in|typeof|sizeof|rethrow|show|hide)$/;
const qualifiedName =
  /(?<![\p{L}\p{N}_])(?:[\p{L}_~][\p{L}\p{N}_]*(?:<[^<>]*>)?(?:::|\.))*(?:operator\s*(?:\(\)|[^\s(\w]+|[\w\s*&]+)|~?[\p{L}_][\p{L}\p{N}_]*)(?:<[^<>()]*>)?\s*(?:\[[^\]]*\]\s*)*$/u;
const labels = /(?:public|private|protected|signals)(?:\s+slots)?\s*:(?!:)/y;
const imports =
  /(?:(?:global\s+)?using\s+(?!\()[^;({]*|import\b[^;]*|package\b[^;]*|export\s+"[^;]*|part\b[^;]*|library\b[^;]*|(?:typedef\b))/y;

function typedHead(code: MaskedCode, at: number, context: Context, owner: string): Head | undefined {
  if (context === 'body') return undefined;
  const { masked, text } = code;
  if (masked[at] === '"') return preprocessed(text, at);
  if (!/[\p{L}_~@]/u.test(masked.charAt(at))) return undefined;
  const label = exec(labels, masked, at);
  if (label) return { names: [], kind: 'value', isTransparent: true, end: at + label[0].length };
  const spaced = exec(space, masked, at);
  if (spaced) return spaceHead(masked, at + spaced[0].length, spaced[2]!);
  const external = /^extern\s*"\s*"\s*\{/.exec(masked.slice(at, at + 40));
  if (external) return { names: [], kind: 'type', opens: 'file', isTransparent: true };
  const imported = exec(imports, masked, at);
  if (imported && imported[0].trim() !== 'typedef')
    return { names: [text.slice(at, at + imported[0].length).trim()], kind: 'import', isStatement: true };
  const end = headEnd(code, at);
  const head = masked.slice(at, end);
  if (/^typedef\b/.test(head)) return typedefHead(code, at);
  const type = exec(typeHead, masked, at);
  const next = masked.charAt(end);
  if (type && (next === '{' || next === ';' || next === '(')) return namedType(type, next);
  return memberOf(head, next, owner, code, end);
}

/** `#include <a.h>`, `#define A 1`. Other preprocessor directives declare nothing. */
function preprocessed(text: string, at: number): Head | undefined {
  const [line = '', word = '', name = ''] =
    /^#[ \t]*(\w+)[ \t]*([^\s(]*)(?:\\\r?\n|[^\r\n])*/.exec(text.slice(at)) ?? [];
  const end = at + line.length;
  const names =
    word === 'include' || word === 'import' ? [`#${word} ${name}`] : word === 'define' ? [name] : [];
  if (line === '') return undefined;
  return {
    names,
    kind: word === 'define' ? 'value' : 'import',
    isOpen: true,
    isTransparent: names.length === 0,
    end,
  };
}

function exec(pattern: RegExp, masked: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(masked);
}

function spaceHead(masked: string, at: number, name: string): Head {
  const isWhole = /^\s*;/.test(masked.slice(at, at + 20));
  const base: Head = { names: [`namespace ${name}`.trim()], kind: 'type', isOpen: true };
  return isWhole ? { ...base, kind: 'import', isStatement: true } : { ...base, opens: 'file', scope: name };
}

function namedType([whole, , , name]: RegExpExecArray, next: string): Head | undefined {
  if (name === undefined) return undefined;
  if (next === ';') return { names: [name], kind: 'type', isOpen: true, isStatement: true };
  const isRecord = /\brecord\b/.test(whole);
  if (next === '(' && !isRecord) return undefined;
  const isPartial = /\b(?:partial|extension)\b/.test(whole);
  return {
    names: [name],
    kind: 'type',
    opens: /\benum\b/.test(whole) && !/class/.test(whole) ? 'body' : 'type',
    ...(isPartial && { isOpen: true }),
  };
}

/** `typedef struct { ... } Name;`, `typedef int (*name)(int);` */
function typedefHead({ masked, pairs }: MaskedCode, at: number): Head {
  let end = at;
  while (end < masked.length && masked[end] !== ';')
    end = masked[end] === '{' ? (pairs.get(end) ?? end) + 1 : end + 1;
  const text = masked.slice(at, end);
  const name =
    /\(\s*\*\s*(\w+)\s*\)/.exec(text)?.[1] ?? /(\w+)\s*(?:\[[^\]]*\])*\s*$/.exec(text)?.[1] ?? 'typedef';
  return { names: [name], kind: 'type', isStatement: true, isOpen: true };
}

const headEndOrOperator = /operator\s*(?:\(\s*\)|[^\s\w(]+)|[({;=}]/g;
/** The latest end of a head in a code, and the offset from which it is the next one. */
const foundEnds = new WeakMap<MaskedCode, { from: number; end: number }>();

/** Up to the first bracket, assignment or end of a statement. */
function headEnd(code: MaskedCode, at: number): number {
  const known = foundEnds.get(code);
  const isKnown = known !== undefined && known.from <= at && at <= known.end;
  const end = isKnown ? known.end : nextHeadEnd(code.masked, at);
  if (!isKnown) foundEnds.set(code, { from: at, end });
  return Math.min(end, at + longestHead + 1);
}

function nextHeadEnd(masked: string, at: number): number {
  headEndOrOperator.lastIndex = at;
  for (let found = headEndOrOperator.exec(masked); found; found = headEndOrOperator.exec(masked))
    if (!found[0].startsWith('operator')) return found.index;
  return masked.length;
}

/** Characters. Anything longer is not a declaration. */
const longestHead = 2000;

/** A method, constructor, field or property. */
function memberOf(
  head: string,
  next: string,
  owner: string,
  code: MaskedCode,
  end: number,
): Head | undefined {
  if (head.length > longestHead) return undefined;
  const text = head.trimEnd();
  const found = qualifiedName.exec(text);
  const name = found?.[0]
    .replace(/\[[^\]]*\]\s*$/, '')
    .replace(/<[^<>()]*>$/, '')
    .trim();
  if (!name || control.test(name) || control.test(/^\w+/.exec(text)?.[0] ?? '')) return undefined;
  const before = text.slice(0, found!.index).trim();
  if (/[+\-/%!?|^"'()]/.test(before.replaceAll(/\?(?=[\s>,\]])/g, ''))) return undefined;
  const close = next === '(' ? code.pairs.get(end) : undefined;
  const hasBody =
    close !== undefined && /^[^;={}]*\{|^[^;{}]*=>/.test(code.masked.slice(close + 1, close + 400));
  const isMaker = owner !== '' && (name.replace('~', '') === owner || name.startsWith(`${owner}.`));
  if (before === '' && !isMaker && !name.includes('::') && !(next === '(' && hasBody)) return undefined;
  if (next === '(') return { names: [name], kind: 'function', opens: 'body' };
  if (before === '') return undefined;
  return { names: [...listed(before), name], kind: 'value', isStatement: next !== '{' };
}

/** The names before the last one in `int a, b = 2`. */
function listed(before: string): string[] {
  if (!before.endsWith(',')) return [];
  const bare = before.replaceAll(/<[^;]*>/g, '');
  return [...bare.matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s*(?:\[[^\]]*\]\s*)?,/gu)].map(([, one]) => one!);
}

const brackets = /\[(?=[\w[])/y;
const cPrefix = /\[(?=\[)|template\s*<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>|__attribute__\s*\(/y;

export const typedRules: Record<string, BraceRules> = {
  java: { newlines: false, prefix: annotation, head: typedHead },
  groovy: { newlines: true, prefix: annotation, head: typedHead },
  dart: { newlines: false, prefix: annotation, head: typedHead },
  csharp: { newlines: false, prefix: brackets, head: typedHead },
  c: { newlines: false, prefix: cPrefix, head: typedHead },
};
