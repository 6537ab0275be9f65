import type { BraceRules, Head } from './declarationsInBraces.ts';
import type { Context, MaskedCode } from './declarationTypes.ts';

const name = String.raw`[\p{L}_$#][\p{L}\p{N}_$]*`;
const modifiers = String.raw`(?:(?:export|default|declare|abstract|async|public|private|protected|static|readonly|override|accessor)\s+)*`;
const sticky = (source: string): RegExp => new RegExp(source, 'uy');

const callable = sticky(`${modifiers}function\\b\\s*\\*?\\s*(${name})?`);
const type = sticky(
  `${modifiers}(?:const\\s+)?(class|interface|enum|namespace|module)\\b\\s*(?!extends\\b|implements\\b)(${name}(?:\\.${name})*|")?`,
);
const alias = sticky(`${modifiers}type\\s+(${name})\\s*[=<]`);
const value = sticky(`${modifiers}(?:const|let|var|using)\\s+(?=[\\p{L}_$#{[])`);
const assigned = sticky(`(${name}(?:\\.${name})+)\\s*=(?![=>])`);
const importing = sticky(`(?:export\\s+)?import\\b(?!\\s*[.(])`);
const exporting = sticky(`export\\s*(?:type\\s*)?(\\{|\\*)|export\\s+(default)\\b|export\\s*(=)`);
const member = sticky(
  `((?:(?:public|private|protected|static|readonly|abstract|override|async|declare|accessor|get|set)\\s+(?![=(:;,}?!<]))*)(?:\\*\\s*)?(${name}|"[^"\\n]*"|\\d+|\\[[^\\]\\n]*\\])\\s*(?:[?!]\\s*)?([(<=:;,}\\n]|$)`,
);
const calls = sticky(
  `(?:(?:export\\s+default\\s+)?(${name}(?:\\.${name})*)\\s*\\(|[;!(]{0,4}\\(?\\s*(?:async\\s*)?(?:function\\b|\\())`,
);
const statement =
  /^(?:if|for|while|switch|catch|return|throw|await|do|try|else|with|new|delete|typeof|void|yield|case|default|break|continue|super)$/;
const testCalls =
  /^(?:describe|it|test|suite|context|before|after|beforeEach|afterEach|beforeAll|afterAll)(?:\.\w+)*$/;

/** JavaScript, TypeScript and JSX. */
export const script: BraceRules = {
  newlines: true,
  prefix: new RegExp(`@${name}(?:\\.${name})*\\s*\\(?`, 'uy'),
  head: (code, at, context) =>
    context === 'object' || context === 'type' ? memberHead(code, at, context) : topHead(code, at, context),
};

function match(pattern: RegExp, { masked }: MaskedCode, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(masked);
}

function topHead(code: MaskedCode, at: number, context: Context): Head | undefined {
  const isNested = context === 'body';
  const fn = match(callable, code, at);
  if (fn) return { names: [fn[1] ?? 'default'], kind: 'function', opens: 'body' };
  const found = match(type, code, at);
  if (found) return typeHead(code, found);
  if (!isNested) return fileHead(code, at);
  return callHead(code, at);
}

function typeHead({ text }: MaskedCode, found: RegExpExecArray): Head {
  const [whole, word = '', given = 'default'] = found;
  const quoted = /^["'][^"'\n]*["']/.exec(text.slice(found.index + whole.length - 1));
  const names = [given === '"' ? (quoted?.[0] ?? given) : given];
  if (word === 'enum') return { names, kind: 'type' };
  const isSpace = word === 'namespace' || word === 'module';
  return { names, kind: 'type', opens: isSpace ? 'file' : 'type', isOpen: word !== 'class' };
}

function fileHead(code: MaskedCode, at: number): Head | undefined {
  if (match(importing, code, at)) return importHead(code, at);
  const named = match(alias, code, at);
  if (named) return { names: [named[1]!], kind: 'type', isStatement: true };
  const values = match(value, code, at);
  if (values) return valueHead(code, at + values[0].length);
  const exported = match(exporting, code, at);
  if (exported) return exportHead(code, at, exported);
  const target = match(assigned, code, at);
  if (target)
    return { names: [target[1]!], kind: 'value', isStatement: true, isOpen: true, ...objectAfter(code, at) };
  return callHead(code, at);
}

/** The approximate end of a statement, enough to read the names in its head. */
function statementEnd({ masked, pairs }: MaskedCode, at: number, end: RegExp): number {
  let now = at;
  while (now < masked.length && !end.test(masked.charAt(now))) now = (pairs.get(now) ?? now) + 1;
  return now;
}

function importHead(code: MaskedCode, at: number): Head {
  const from = statementEnd(code, at, /["'\n;]/);
  const end = code.masked.indexOf('\n', from);
  const text = code.text.slice(at, end < 0 ? undefined : end).trim();
  const clause = /^(?:export\s+)?import\s+(?:type\s+)?([^"']*?)\s*(?:from\b|=)/.exec(text)?.[1];
  const names = clause
    ?.replaceAll(/[{}]/g, ' ')
    .split(',')
    .map(bound)
    .filter((one) => one !== '');
  const whole = text.replace(/;.*$/, '');
  return { names: names?.map((one) => `import ${one}`) ?? [whole], kind: 'import', isStatement: true };
}

/** The name bound by `a as b` or `* as b`. */
function bound(specifier: string): string {
  return specifier
    .trim()
    .replace(/^type\s+/, '')
    .split(/\s+as\s+/)
    .at(-1)!
    .trim();
}

function exportHead(code: MaskedCode, at: number, found: RegExpExecArray): Head {
  const [, list, byDefault] = found;
  const end = statementEnd(code, at, /[\n;]/);
  const text = code.text.slice(at, end);
  if (list === '{') {
    const names =
      /\{([^}]*)\}/
        .exec(text)?.[1]
        ?.split(',')
        .map(bound)
        .filter((one) => one !== '') ?? [];
    return { names: names.map((one) => `export ${one}`), kind: 'export', isStatement: true };
  }
  if (list === '*') return { names: [text.trim().replace(/;.*$/, '')], kind: 'export', isStatement: true };
  const names = [byDefault ? 'export default' : 'export ='];
  return { names, kind: 'export', isStatement: true, ...objectAfter(code, at, /\bdefault\b|=/) };
}

/** The values in an object count as declarations, because they have names. */
function objectAfter(code: MaskedCode, at: number, mark = /=/): Pick<Head, 'opens'> {
  const end = statementEnd(code, at, /[;\n]/);
  const head = code.masked.slice(at, end + 1);
  const from = mark.exec(head);
  const rest = from ? head.slice(from.index + from[0].length) : '';
  if (/^\s*\{/.test(rest)) return { opens: 'object' };
  return /^\s*(?:async\b\s*)?(?:function\b|(?:<[^>]*>\s*)?\(|[\w$]+\s*=>)/.test(rest)
    ? { opens: 'body' }
    : {};
}

/** `const a = 1, { b, c: d } = e;` */
function valueHead(code: MaskedCode, at: number): Head {
  const names: string[] = [];
  const end = statementEnd(code, at, /[\n;]/);
  for (let now = at; now < end;) {
    const pattern = /^\s*([{[])|^\s*([\p{L}_$#][\p{L}\p{N}_$]*)/u.exec(code.masked.slice(now, end));
    if (!pattern) break;
    const open = now + pattern[0].length - 1;
    if (pattern[2]) names.push(pattern[2]);
    else names.push(...destructured(code.masked.slice(open + 1, code.pairs.get(open) ?? end)));
    now = statementEnd(code, open, /[,\n;]/);
    if (code.masked[now] !== ',') break;
    now += 1;
  }
  const opened = objectAfter(code, at);
  const kind = opened.opens === 'body' ? 'function' : 'value';
  return { names, kind, isStatement: true, ...opened };
}

function destructured(text: string): string[] {
  return [
    ...text.matchAll(/(?:^|[,{[.])\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::\s*([\p{L}_$][\p{L}\p{N}_$]*))?/gu),
  ].map(([, key, alias2]) => alias2 ?? key!);
}

function memberHead(code: MaskedCode, at: number, context: Context): Head | undefined {
  const found = match(member, code, at);
  if (!found) return undefined;
  const [, words = '', given = '', next = ''] = found;
  const isBlock = given === 'static' && code.masked.startsWith('{', at + found[0].length);
  if (isBlock || (statement.test(given) && !/[(:]/.test(next))) return undefined;
  const text = given.startsWith('"')
    ? (code.text.slice(at + found[0].indexOf('"')).split(/["']/)[1] ?? given)
    : given;
  const accessor = /\b[gs]et\s+$/.exec(words)?.[0].trim();
  const names = [accessor ? `${accessor} ${text}` : text];
  if (next === '(' || next === '<')
    return { names, kind: 'function', opens: 'body', ...(context === 'type' ? {} : { isStatement: false }) };
  const opened = next === '=' || next === ':' ? objectAfter(code, at, /[=:]/) : {};
  const isMethod = opened.opens === 'body';
  return { names, kind: isMethod ? 'function' : 'value', isStatement: true, ...opened };
}

/** Tests have names. In a call that wraps a whole file, the declarations are read. */
function callHead(code: MaskedCode, at: number): Head | undefined {
  const found = match(calls, code, at);
  if (!found || statement.test(found[1] ?? '')) return undefined;
  const callee = found[1] ?? '';
  if (!testCalls.test(callee))
    return { names: [], kind: 'function', opens: 'file', isCall: true, isTransparent: true };
  const title = /^\s*(["'`])(.*?)\1/.exec(code.text.slice(at + found[0].length, at + found[0].length + 200));
  const names = [title ? `${callee} ${title[1]}${title[2]}${title[1]}` : callee];
  return { names, kind: 'function', opens: 'file', isCall: true, isOpen: true, isStatement: true };
}
