/** Commit messages in another form: JSON, or a shell command. */

/** Most failing attempts to parse JSON, because each one takes long. */
const mostUnreadable = 20;

/** All messages in a text that consists of JSON values; empty for any other text. */
export function messagesInJson(text: string): string[] {
  const messages: string[] = [];
  let unreadable = 0;
  for (let at = skipped(text, 0); at < text.length;) {
    const end = '{['.includes(text[at] ?? '-') ? endOfValue(text, at) : undefined;
    // Text after the values is chatter.
    if (end === undefined) return messages;
    const value = parsed(text.slice(at, end));
    if (value === undefined && ++unreadable > mostUnreadable) return messages;
    messages.push(...messagesOf(value));
    at = skipped(text, end);
  }
  return messages;
}

/** The offset after spaces and commas between values. */
function skipped(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s,]/.test(text[at] ?? '')) at++;
  return at;
}

/** The offset after the bracket that closes the one at `start`; undefined when there is none. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Models write line breaks inside strings, which JSON does not allow. */
function parsed(json: string): unknown {
  const inStrings = /"(?:[^"\\]|\\[^])*"/g;
  const mended = json.replaceAll(inStrings, (text) => text.replaceAll('\n', '\\n').replaceAll('\t', '\\t'));
  for (const candidate of [json, mended, mended.replaceAll(/,\s*([}\]])/g, '$1')])
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next candidate may be valid.
    }
  return undefined;
}

const wholes = ['message', 'commit_message', 'commitMessage', 'commit', 'msg', 'text'];
const subjects = ['subject', 'title', 'summary', 'header', 'first_line', 'headline'];
const bodies = ['body', 'description', 'details', 'content'];
const lists = ['messages', 'commit_messages', 'candidates', 'options', 'suggestions', 'commits'];

function messagesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(messagesOf);
  if (typeof value !== 'object' || value === null) return [];
  const fields = new Map(Object.entries(value));
  const first = (names: readonly string[]): unknown =>
    names.map((name) => fields.get(name)).find((field) => field !== undefined && field !== '');
  const list = first(lists);
  if (Array.isArray(list)) return messagesOf(list);
  const whole = first(wholes);
  if (typeof whole === 'object') return messagesOf(whole);
  const subject = whole ?? first(subjects);
  const head = typeof subject === 'string' ? withType(subject, fields) : '';
  const body = bodyOf(first(bodies));
  return head ? [[head, ...(body ? [body] : [])].join('\n\n')] : [];
}

/** `{ "type": "feat", "scope": "parser", "subject": "..." }` */
function withType(subject: string, fields: ReadonlyMap<string, unknown>): string {
  const [type, scope] = [fields.get('type'), fields.get('scope')];
  const isTyped = /^[a-z]+(?:\([^()]*\))?!?: /.test(subject);
  if (typeof type !== 'string' || !/^[a-z]{2,12}$/.test(type) || isTyped) return subject;
  return `${type}${typeof scope === 'string' && scope ? `(${scope})` : ''}: ${subject}`;
}

function bodyOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  const items = Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  return items.map((item) => `- ${item.replace(/^[-*] /, '')}`).join('\n');
}

/** A `git commit` command, also after another one: `git add . && git commit`. */
const commit = /^(?:\$ |> )?(?:git add [^\n]*?(?:&&|;)[ \t]*)?git (?:-\S+ )*commit\b/;
/** Commands that may come before it in a script. */
const other = /^(?:\$ |> )?(?:#.*|(?:cd|git (?:add|status|checkout|switch))\b(?:(?!git commit).)*)?$/;

/** The message of the `git commit` command that a text consists of; undefined for any other text. */
export function messageInCommand(text: string): string | undefined {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => !other.test(line.trim()));
  const rest = lines.slice(first).join('\n').trimStart();
  const found = first < 0 ? undefined : commit.exec(rest);
  if (!found) return undefined;
  const after = rest.slice(found[0].length);
  // Only the first line can have the message; what follows is text.
  const start = after.search(/<<-?\s{0,8}(['"]?)\w/);
  const heredoc = start < 0 ? undefined : hereDocument.exec(after.slice(start));
  if (heredoc) return heredoc[3];
  const messages = Array.from(after.matchAll(option), ([, value = '']) => unquoted(value));
  return messages.length > 0 ? messages.join('\n\n') : undefined;
}

const hereDocument = /^<<-?\s*(['"]?)(\w+)\1[^\n]*\n([^]*?)\n[ \t]*\2[ \t]*(?:\n|\)|$)/;

/** `-m`, `-am`, `--message`, with or without an equals sign. */
const option =
  /(?<=\s)(?:-[a-z]*m|--message)(?:\s*=\s*|\s*)(\$?'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|[^\s"'-]\S*)/g;

function unquoted(value: string): string {
  const quote = /^\$?(["'])/.exec(value)?.[1];
  if (quote === undefined) return value;
  const inner = value.slice(value.indexOf(quote) + 1, -1);
  // A shell reads no escapes in single quotes, but models write them.
  return inner.replaceAll(/\\(["'\\`$!])/g, '$1').replaceAll(/\\n/g, '\n');
}
