import type { BraceRules, Head } from './declarationsInBraces.ts';
import type { Context, DeclarationKind, MaskedCode } from './declarationTypes.ts';

/** A declaration with a keyword before its name. */
interface Keyword {
  /** Sticky. The last group is the name. */
  pattern: RegExp;
  kind: DeclarationKind;
  opens?: Context;
  isStatement?: boolean;
  isOpen?: boolean;
  /** Only in these contexts. */
  in?: readonly Context[];
}

const id = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const sticky = (source: string): RegExp => new RegExp(source, 'uy');
const keyword = (words: string, kind: DeclarationKind, more: Partial<Keyword> = {}, mods = ''): Keyword => ({
  pattern: sticky(`${mods}(?:${words})\\b[ \\t]*(${id})`),
  kind,
  ...more,
});

/** A statement that is its own name, such as `using System;`. */
const whole = (source: string, kind: DeclarationKind = 'import'): Keyword => ({
  pattern: sticky(source),
  kind,
  isStatement: true,
  isOpen: true,
});

const kotlinMods = String.raw`(?:(?:public|private|protected|internal|open|abstract|final|sealed|data|enum|annotation|inner|value|inline|companion|override|suspend|operator|infix|tailrec|external|const|lateinit|expect|actual|implicit|lazy|case|given|noinline|crossinline|vararg|reified|fun)\s+)*`;
const swiftMods = String.raw`(?:(?:public|private|fileprivate|internal|open|final|static|class|override|mutating|nonmutating|convenience|required|lazy|weak|unowned|indirect|dynamic|async|nonisolated|private\(set\)|public\(set\))\s+)*`;
const phpMods = String.raw`(?:(?:public|private|protected|static|final|abstract|readonly|var)\s+)*`;
const rustMods = String.raw`(?:pub(?:\s*\([^)]*\))?\s+)?(?:(?:default|unsafe|async|const|extern(?:\s*"\s*")?)\s+)*`;

const goFunction: Keyword = {
  pattern: sticky(`func\\s+(?:\\([^)]*\\)\\s*)?(${id})`),
  kind: 'function',
  opens: 'body',
};
const group = (words: string, kind: DeclarationKind): Keyword => ({
  pattern: sticky(`(?:${words})\\s*(?=\\()()`),
  kind,
  opens: 'group',
  isOpen: true,
});

/** Languages with a keyword before every name. */
const keywords: Record<string, Keyword[]> = {
  go: [
    goFunction,
    keyword('type', 'type', { isStatement: true }),
    keyword('var|const', 'value', { isStatement: true, in: ['file'] }),
    group('type', 'type'),
    group('var|const', 'value'),
    group('import', 'import'),
    whole(String.raw`(import\b[^\n]*)`),
    whole(String.raw`(package[ \t]+\w+)`),
  ],
  rust: [
    keyword('fn', 'function', { opens: 'body' }, rustMods),
    keyword('struct|enum|union', 'type', {}, rustMods),
    keyword('trait', 'type', { opens: 'type' }, rustMods),
    keyword('mod', 'type', { opens: 'file' }, rustMods),
    keyword('type', 'type', { isStatement: true, in: ['file', 'type'] }, rustMods),
    keyword(
      '(?:const|static)(?:\\s+mut)?',
      'value',
      { isStatement: true, in: ['file', 'type'] },
      '(?:pub(?:\\s*\\([^)]*\\))?\\s+)?',
    ),
    { pattern: sticky(`macro_rules!\\s*(${id})`), kind: 'function' },
    whole(String.raw`((?:pub\s+)?use\s[^;]*)`),
  ],
  kotlin: [
    {
      pattern: sticky(`${kotlinMods}fun\\s+(?:<[^>]*>\\s*)?((?:[\\w<>?, ]+\\.)?(?:${id}|\`[^\`]*\`))`),
      kind: 'function',
      opens: 'body',
    },
    keyword('class|interface|object', 'type', { opens: 'type' }, kotlinMods),
    { pattern: sticky(`${kotlinMods}companion\\s+(object)(?=\\s*[{:])`), kind: 'type', opens: 'type' },
    { pattern: sticky(`${kotlinMods}(constructor)(?=\\s*\\()`), kind: 'function', in: ['type'] },
    keyword('typealias', 'type', { isStatement: true }),
    {
      pattern: sticky(`${kotlinMods}(?:val|var)\\s+(?:<[^>]*>\\s*)?((?:[\\w<>?]+\\.)?${id})`),
      kind: 'value',
      isStatement: true,
      in: ['file', 'type'],
    },
    whole(String.raw`((?:import|package)\b[^\n;]*)`),
  ],
  scala: [
    { pattern: sticky(`${kotlinMods}def\\s+([^\\s(\\[:=]+)`), kind: 'function', opens: 'body' },
    keyword('class|object|trait|enum', 'type', { opens: 'type' }, kotlinMods),
    keyword('type', 'type', { isStatement: true, in: ['file', 'type'] }, kotlinMods),
    keyword('val|var', 'value', { isStatement: true, in: ['file', 'type'] }, kotlinMods),
    whole(String.raw`((?:import|package)\b[^\n;]*)`),
  ],
  swift: [
    { pattern: sticky(`${swiftMods}func\\s+(${id}|[^\\s\\p{L}(]+)`), kind: 'function', opens: 'body' },
    keyword('struct|enum|protocol|actor|class', 'type', { opens: 'type' }, swiftMods),
    { pattern: sticky(`${swiftMods}extension\\s+([\\w.]+)`), kind: 'type', opens: 'type', isOpen: true },
    {
      pattern: sticky(`${swiftMods}(init[?!]?|deinit|subscript)(?=\\s*[(<{])`),
      kind: 'function',
      opens: 'body',
      in: ['type'],
    },
    keyword('typealias|associatedtype', 'type', { isStatement: true }, swiftMods),
    keyword('let|var', 'value', { isStatement: true, in: ['file', 'type'] }, swiftMods),
    whole(String.raw`((?:@testable\s+)?import\b[^\n;]*)`),
  ],
  php: [
    { pattern: sticky(`${phpMods}function\\s+&?\\s*(${id})`), kind: 'function', opens: 'body' },
    keyword('class|interface|trait|enum', 'type', { opens: 'type' }, phpMods),
    {
      pattern: sticky(`${phpMods}const\\s+(?:[\\w?|]+\\s+)?(${id})\\s*=`),
      kind: 'value',
      isStatement: true,
      in: ['file', 'type'],
    },
    {
      pattern: sticky(`${phpMods}(?:[\\w?|\\\\]+\\s+)?(\\$${id})\\s*(?=[=;])`),
      kind: 'value',
      isStatement: true,
      in: ['file', 'type'],
    },
    {
      pattern: sticky(String.raw`namespace\s+([\w\\]+)(?=\s*\{)`),
      kind: 'type',
      opens: 'file',
      isOpen: true,
    },
    whole(String.raw`((?:use|namespace)\s[^;{]*)`),
    whole(String.raw`((?:require|include)(?:_once)?\b[^;]*)`),
  ],
  other: [
    keyword(
      'function|func|fn|fun|def|proc|sub|method|macro|rpc|contract|modifier',
      'function',
      { opens: 'body' },
      String.raw`(?:[\w@]+[ \t]+){0,6}?`,
    ),
    keyword(
      'class|interface|struct|enum|trait|module|namespace|record|object|protocol|service|message|library|input|union|scalar|schema',
      'type',
      { opens: 'type' },
      String.raw`(?:[\w@]+[ \t]+){0,6}?`,
    ),
    keyword('type', 'type', {}, String.raw`(?:[\w@]+[ \t]+){0,6}?`),
    keyword(
      'const|let|var|val|static',
      'value',
      { isStatement: true, in: ['file'] },
      String.raw`(?:(?:pub|export|public)\s+)*`,
    ),
    {
      pattern: sticky(
        `((?:resource|data|variable|output|module|provider|locals|terraform)\\b[^\\n{]*)(?=\\{)`,
      ),
      kind: 'type',
    },
    whole(String.raw`((?:import|use|using|#include|package|option|syntax)\b[^\n;]*)`),
  ],
};

const implementation =
  /(?:unsafe\s+)?impl\b\s*(?:<(?:[^<>]|<[^<>]*>)*>\s*)?([^{;]*?)\s*(?:where\b[^{]*)?(?=\{)/y;
const inGroup = sticky(`(?:(${id}(?:\\s*,\\s*${id})*)|[^\\n]*")`);

function byKeyword(language: string): BraceRules['head'] {
  return (code, at, context) => {
    if (context === 'group') return groupHead(code, at);
    if (language === 'rust') {
      implementation.lastIndex = at;
      const found = implementation.exec(code.masked);
      if (found) return implHead(found[1]!);
    }
    for (const { pattern, kind, in: contexts, ...more } of keywords[language]!) {
      pattern.lastIndex = at;
      const found = !contexts || contexts.includes(context) ? pattern.exec(code.masked) : null;
      const text = found && nameIn(code, found, kind);
      if (text !== null) return { ...more, kind, ...named(text, language, code, found!) };
    }
    return undefined;
  };
}

/** In the masked text, a quoted path would be blank. */
function nameIn({ text }: MaskedCode, found: RegExpExecArray, kind: DeclarationKind): string {
  const given = found.at(-1) ?? '';
  if (given === '') return '';
  return kind === 'import' || given.includes('"')
    ? text.slice(found.index, found.index + found[0].length).trim()
    : given;
}

function named(
  text: string,
  language: string,
  { masked }: MaskedCode,
  found: RegExpExecArray,
): Pick<Head, 'names' | 'isTransparent'> {
  if (text === '') return { names: [], isTransparent: true };
  const receiver =
    language === 'go'
      ? /^func\s+\(\s*(?:\w+\s+)?\*?\s*(\w+)/.exec(masked.slice(found.index, found.index + 200))?.[1]
      : undefined;
  const useList = /^((?:pub\s+)?use\s[^{]*)\{([^{}]*)\}$/.exec(text);
  if (useList)
    return {
      names: useList[2]!
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .map((one) => `${useList[1]!}${one}`),
    };
  return { names: [receiver ? `${receiver}.${text}` : text.replaceAll(/\s+/g, ' ')] };
}

function groupHead(code: MaskedCode, at: number): Head | undefined {
  inGroup.lastIndex = at;
  const found = inGroup.exec(code.masked);
  if (!found) return undefined;
  const line = code.text.slice(at, code.masked.indexOf('\n', at)).trim();
  if (found[0].includes('"'))
    return { names: [`import ${line.replace(/\s*\/\/.*$/, '')}`], kind: 'import', isStatement: true };
  const isImport = /^\w+\s+"/.test(line);
  return isImport
    ? { names: [`import ${line}`], kind: 'import', isStatement: true }
    : { names: found[1]!.split(/\s*,\s*/), kind: 'value', isStatement: true };
}

/** `impl Display for Basket` is named by its whole head; its members belong to `Basket`. */
function implHead(target: string): Head {
  const text = target.replaceAll(/\s+/g, ' ');
  const scope = /(?:.*\bfor\s+)?(?:[\w:]*::)?(\w+)/.exec(text)?.[1] ?? text;
  return { names: [`impl ${text}`], kind: 'type', opens: 'type', isOpen: true, scope };
}

const attribute = /#!?\[/y;
const annotation = /@(?!interface\b)[\w.]+(?:\s*\()?/y;

export const keywordRules: Record<string, BraceRules> = {
  go: { newlines: true, head: byKeyword('go') },
  rust: { newlines: false, prefix: attribute, head: byKeyword('rust') },
  kotlin: { newlines: true, prefix: annotation, head: byKeyword('kotlin') },
  scala: { newlines: true, prefix: annotation, head: byKeyword('scala') },
  swift: { newlines: true, prefix: /@(?!testable\b)[\w.]+\(?/y, head: byKeyword('swift') },
  php: { newlines: false, prefix: /#\[/y, head: byKeyword('php') },
  other: { newlines: true, prefix: annotation, head: byKeyword('other') },
};
