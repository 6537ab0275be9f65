import { separateBlocks } from '../../text/fences.ts';

/** Characters of an example that are checked. */
const mostExample = 4_000;
/** Most names: they are enough to show that the page is about other code. */
const mostNames = 20;

/**
 * Words that code may use without declaring them: of languages, of common libraries, and of prose formatted
 * as code. A name that is neither here nor in the source was invented by the model.
 */
const wellKnown = new Set(
  `
  abstract and any array as assert async await base begin bool boolean break byte case catch char class concept const constexpr
  constructor continue crate debugger decimal declare def default defer del delete dict do double dyn elif else elsif end enum
  except exec export extends extern extends false final finally float fn for foreach from func function generator get global go goto
  guard if impl implements implicit import in inline instanceof int integer interface internal is iterator lambda let lock long
  loop macro map match method mod module mut mutex namespace never new nil none not null nullptr number object of open operator or
  out override package pass priv private proc property protected protocol pub public raise range readonly record ref register
  rescue return sealed self set short signed sizeof slice static str string struct sub super switch symbol synchronized template
  then this throw throws trait true try tuple type typedef typeof uint unchecked undefined union unknown unless unsafe unsigned until
  use using val value var vec vector virtual void volatile when where while with xor yield
  i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 usize isize int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64
  args argv kwargs arguments caller callee callback args err error errors exception exceptions result option some ok
  bigint date regexp weakmap weakset promise proxy reflect math json console globalthis window document process buffer nan infinity
  arraylist hashmap hashset linkedlist list iterable iterator optional stream collection collections runnable thread runtime
  typeerror rangeerror syntaxerror referenceerror valueerror keyerror indexerror attributeerror runtimeerror notimplementederror
  stopiteration oserror ioerror filenotfounderror zerodivisionerror importerror assertionerror
  nullpointerexception illegalargumentexception illegalstateexception indexoutofboundsexception ioexception runtimeexception
  argumentexception argumentnullexception invalidoperationexception
  log print println printf sprintf fprintf puts echo require include len length size push pop shift unshift append add remove insert
  contains includes indexof keys values items entries has foreach filter reduce map sort sorted join split slice splice concat trim
  replace replaceall startswith endswith strip format tostring valueof hasownproperty parse stringify parseint parsefloat isnan
  then catch finally resolve reject all race settimeout setinterval clearinterval cleartimeout setimmediate queuemicrotask fetch
  min max abs floor ceil round sqrt pow sum zip enumerate open close read write flush copy clone equals hashcode compare compareto
  isinstance issubclass getattr setattr hasattr super init main test describe it expect before after beforeeach aftereach assertequal
  __init__ __main__ __name__ __str__ __repr__ __len__ __eq__ __hash__ __iter__ __next__ __enter__ __exit__ __call__
  get post put patch head options http https url uri html css api cli ui id ids uuid utf ascii sql csv xml yaml toml tls ssl tcp udp
  foo bar baz example todo fixme note warning stdin stdout stderr env path npm node python java javascript typescript rust ruby php
  javac tsc gcc git bash sh cmd sudo pip cargo
  `
    .split(/\s+/)
    .filter(Boolean),
);

/** Words that look like names in code but are not. */
const brands =
  /^(?:iOS|iPhone|iPad|iCloud|macOS|watchOS|tvOS|eBay|gRPC|mTLS|jQuery|npmjs|vCPU|kHz|mRNA|pH|eXtreme)$/;
const identifier = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/** The names in a page's text that do not occur in the source, as written, without duplicates. */
export function unknownNamesIn(text: string, source: string): string[] {
  const known = wordsOf(source);
  const { prose, blocks } = separateBlocks(text);
  const { spans, plain } = withoutSpans(prose);
  const found = [
    ...spans.flatMap(namesInSpan),
    ...namesInProse(plain),
    ...blocks.flatMap((block) => namesCalledIn(block)),
    ...methodsCalledIn(blocks, typesIn(source)),
  ];
  const unknown = found.filter((name) => !isKnown(name, known));
  return [...new Map(unknown.map((name) => [name.toLowerCase(), name])).values()].slice(0, mostNames);
}

/** Most characters of inline code that is checked. */
const longestSpan = 300;

/** Separates inline code from the rest: it ends at the next run of as many backticks. */
function withoutSpans(prose: string): { spans: string[]; plain: string } {
  const runs = Array.from(prose.matchAll(/`+/g), ({ 0: { length }, index }) => ({ start: index, length }));
  const next = new Map<number, number>();
  const closing = new Map<number, number>();
  for (const { start, length } of runs.toReversed()) {
    const close = next.get(length);
    if (close !== undefined && close - start <= longestSpan) closing.set(start, close);
    next.set(length, start);
  }
  const spans: string[] = [];
  const plain: string[] = [];
  let from = 0;
  for (const { start, length } of runs) {
    const close = closing.get(start);
    if (start < from || close === undefined) continue;
    plain.push(prose.slice(from, start));
    spans.push(prose.slice(start + length, close));
    from = close + length;
  }
  plain.push(prose.slice(from));
  return { spans, plain: plain.join(' ') };
}

function wordsOf(source: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [name] of source.matchAll(identifier)) words.add(name.toLowerCase());
  return words;
}

/** Ignores case, plural and singular. */
function isKnown(name: string, known: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  const bare = lower.replaceAll(/^[_$]+|[_$]+$/g, '');
  const forms = [lower, bare, `${bare}s`, `${bare}es`, bare.replace(/s$/, ''), bare.replace(/es$/, '')];
  return bare.length < 2 || forms.some((form) => known.has(form) || wellKnown.has(form));
}

/** The name of a file, not of a method: `Inventory.drop` is one of these. */
const fileName =
  /^[^\s(]+\.(?:[cm]?[jt]sx?|py|rb|rs|go|[ch]|cc|[ch]pp|cs|kts?|php|swift|sh|bat|ps1|md|txt|json|html?|java|toml|ya?ml|xml|s?css|sql|csv|ini|cfg|conf|log|lock|env|vue|svelte|png|svg)$/;

/** The names in inline code, if it is code and not a path, an address, an option or a sentence. */
function namesInSpan(span: string): string[] {
  const code = span.trim();
  const isOther =
    /[\\/]|^-|^\.\w|^<|^[A-Z]{2,}$|^O\(/.test(code) ||
    fileName.test(code) ||
    /^[\p{L}]+(?: [\p{L}]+){2,}$/u.test(code);
  if (isOther) return [];
  const bare = code.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' ').replaceAll(/\b\d\w*/g, ' ');
  return bare.match(identifier) ?? [];
}

/** Outside of code and addresses, only unmistakable names: `addItem`, `add_item`, `add()`. */
function namesInProse(prose: string): string[] {
  const text = prose
    .replaceAll(/\]\([^)\n]{0,300}\)|<[^>\n]{0,300}>/g, ' ')
    .split(/\s+/)
    .filter((word) => !/[@\\/]/.test(word))
    .join(' ');
  const names = text.matchAll(
    /(?<![\p{L}\p{N}_$.-])(?:([a-z]+(?:[A-Z][a-z0-9]+)+|[A-Za-z]+(?:_[A-Za-z0-9]+)+)(?![\p{L}\p{N}_$-])|([A-Za-z_$][\w$]*)(?=\(\)))/gu,
  );
  return Array.from(names, ([, name, called]) => name ?? called ?? '').filter((name) => !brands.test(name));
}

/** In an example, the functions and classes that it calls without declaring them. */
function namesCalledIn(block: string): string[] {
  const code = block
    .slice(0, mostExample)
    .replaceAll(
      /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\//g,
      ' ',
    );
  const declared = new Set(
    Array.from(
      code.matchAll(
        /(?:\b(?:function|def|fn|func|fun|class|struct|const|let|var|val|sub|import)\s+|[{,]\s*)([\p{L}_$][\p{L}\p{N}_$]*)/gu,
      ),
      ([, name = '']) => name,
    ),
  );
  const called = code.matchAll(/(?<![\p{L}\p{N}_$.]|::|->|@)([\p{L}_$][\p{L}\p{N}_$]*)(?=\()/gu);
  return Array.from(called, ([, name = '']) => name).filter((name) => !declared.has(name));
}

const typeHead = /\b(?:class|struct|interface|trait|object)\s+([\p{L}_$][\p{L}\p{N}_$]*)([^\n{]{0,200})/gu;

/** The types that the source declares, without those that may have inherited methods. */
function typesIn(source: string): ReadonlySet<string> {
  const types = new Set<string>();
  const derived = new Set<string>();
  for (const [, name = '', rest = ''] of source.matchAll(typeHead))
    (/\b(?:extends|implements|with)\b|\(|:\s*[\p{L}_]/u.test(rest) ? derived : types).add(name);
  for (const name of derived) types.delete(name);
  return types;
}

const creation =
  /(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)\s*:?=\s*(?:await\s+|new\s+|&)*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:\(|\{|::|\.)/gu;
const methodCall =
  /(?<![\p{L}\p{N}_$.])([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:\.|->|::)\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/gu;

/** The methods that examples call on these types, and on variables that contain a new one of them. */
function methodsCalledIn(blocks: readonly string[], types: ReadonlySet<string>): string[] {
  const code = blocks.map((block) => block.slice(0, mostExample)).join('\n');
  const variables = Array.from(code.matchAll(creation), ([, name = '', type = '']) => ({ name, type }));
  const receivers = new Set([
    ...types,
    ...variables.filter(({ type }) => types.has(type)).map(({ name }) => name),
  ]);
  return Array.from(code.matchAll(methodCall), ([, receiver = '', method = '']) =>
    receivers.has(receiver) ? method : '',
  ).filter(Boolean);
}
