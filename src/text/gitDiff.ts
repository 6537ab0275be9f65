/**
 * Parses the output of `git diff-index` and `git diff-files` with `--raw --patch -z`. All texts here are byte
 * strings with one byte per character, because a diff has files of many encodings. Anything unexpected is an
 * error: a message about a misread diff would be wrong.
 */

/** Git's output is not a diff in the requested format. */
export class UnreadableDiffError extends Error {}

/** A file of a diff. */
export interface RawChange {
  oldMode: string;
  newMode: string;
  oldId: string;
  newId: string;
  /** `A`, `C`, `D`, `M`, `R`, `T` or `U` (unmerged). */
  status: string;
  path: string;
  /** The path before a rename. */
  oldPath: string | undefined;
}

/** A file of a diff with its text. */
export interface PatchedChange extends RawChange {
  /** Hunks with their header lines; empty when there is no text to show. */
  lines: string[];
  isBinary: boolean;
  /** Whether the text is missing because the output was cut before it. */
  isMissing: boolean;
}

/**
 * @param isCut whether the output was longer than what was read, so that texts of the last files are missing
 */
export function readGitDiff(output: string, isCut = false): PatchedChange[] {
  const { changes, end } = readRaw(output);
  return readPatches(changes, output.slice(end), isCut);
}

const record = /:([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])(?:\d{1,3})?\0/y;

function readRaw(output: string): { changes: RawChange[]; end: number } {
  const changes: RawChange[] = [];
  let at = 0;
  const field = (): string => {
    const end = output.indexOf('\0', at);
    if (end <= at) throw new UnreadableDiffError('a file without a name');
    const text = output.slice(at, end);
    at = end + 1;
    return text;
  };
  while (output[at] === ':') {
    record.lastIndex = at;
    const [head, oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = record.exec(output) ?? [];
    if (head === undefined || !'ACDMRTU'.includes(status)) throw new UnreadableDiffError('an unknown record');
    at += head.length;
    const first = field();
    const [oldPath, path] = 'CR'.includes(status) ? [first, field()] : [undefined, first];
    changes.push({ oldMode, newMode, oldId, newId, status, path, oldPath });
  }
  if (at < output.length && output[at] !== '\0') throw new UnreadableDiffError('no list of files');
  return { changes, end: Math.min(at + 1, output.length) };
}

function readPatches(changes: readonly RawChange[], patch: string, isCut: boolean): PatchedChange[] {
  const reader = new PatchReader(patch, isCut);
  const read = changes.flatMap((change) => reader.read(change) ?? []);
  if (!reader.isDone) throw new UnreadableDiffError('text of a file that was not listed');
  return read;
}

/** Header lines between the first line and the text. */
const headerLine =
  /^(?:(?:old mode|new mode|new file mode|deleted file mode) [0-7]{6}|(?:dis)?similarity index \d{1,3}%|(?:rename|copy) (?:from|to) .+|index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}(?: [0-7]{6})?|--- .+|\+\+\+ .+)$/s;
const hunkHead = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const absent = /^0+$/;

/** Reads the texts of the files in order. */
class PatchReader {
  private readonly lines: string[];
  private readonly isCut: boolean;
  private at = 0;

  constructor(patch: string, isCut: boolean) {
    this.lines = patch.split('\n');
    // The last line is empty, unless the output was cut inside a line.
    this.lines.pop();
    this.isCut = isCut;
  }

  get isDone(): boolean {
    return this.at >= this.lines.length;
  }

  /** Undefined for a file without a change. */
  read(change: RawChange): PatchedChange | undefined {
    const none = { ...change, lines: [], isBinary: false, isMissing: false };
    if (change.status === 'U') {
      this.skipUnmerged(change.path);
      return none;
    }
    if (!this.isAtHead(change)) {
      if (this.isDone && this.isCut) return { ...none, isMissing: true };
      if (change.status === 'M' && absent.test(change.newId)) return undefined;
      throw new UnreadableDiffError('a listed file has no text');
    }
    const first = this.readText();
    // A file that changed its type is shown as removed and added.
    const second = change.status === 'T' && this.isAtHead(change) ? this.readText() : undefined;
    const parts = [first, ...(second ? [second] : [])];
    return {
      ...none,
      lines: parts.flatMap(({ lines }) => lines),
      isBinary: parts.some(({ isBinary }) => isBinary),
      isMissing: parts.some(({ isMissing }) => isMissing),
    };
  }

  private skipUnmerged(path: string): void {
    const expected = `* Unmerged path ${path}`.split('\n');
    if (expected.every((line, index) => this.lines[this.at + index] === line)) this.at += expected.length;
    else if (!this.isDone || !this.isCut)
      throw new UnreadableDiffError('a file that is not merged has no line');
  }

  private isAtHead({ path, oldPath = path }: RawChange): boolean {
    return this.lines[this.at] === `diff --git ${quoted(`a/${oldPath}`)} ${quoted(`b/${path}`)}`;
  }

  private readText(): { lines: string[]; isBinary: boolean; isMissing: boolean } {
    this.at++;
    while (!this.isDone && headerLine.test(this.lines[this.at] ?? '')) this.at++;
    if (/^Binary files .+ differ$/s.test(this.lines[this.at] ?? '')) {
      this.at++;
      return { lines: [], isBinary: true, isMissing: false };
    }
    const start = this.at;
    while (hunkHead.test(this.lines[this.at] ?? '')) if (!this.skipHunk()) break;
    if (this.isDone && this.isCut) return { lines: [], isBinary: false, isMissing: true };
    const lines = this.lines.slice(start, this.at);
    const isBinary = lines.some((line) => line.includes('\0'));
    return { lines: isBinary ? [] : lines, isBinary, isMissing: false };
  }

  /** Skips a hunk by the line counts in its header. Returns false when the output ends inside it. */
  private skipHunk(): boolean {
    const [, old = '1', fresh = '1'] = hunkHead.exec(this.lines[this.at] ?? '') ?? [];
    let [removed, added] = [Number(old), Number(fresh)];
    for (this.at++; removed > 0 || added > 0 || this.lines[this.at]?.startsWith('\\'); this.at++) {
      if (this.isDone && this.isCut) return false;
      const mark = this.lines[this.at]?.[0];
      if (mark === undefined || !' -+\\'.includes(mark))
        throw new UnreadableDiffError('a hunk without its lines');
      if (mark === ' ' || mark === '-') removed--;
      if (mark === ' ' || mark === '+') added--;
    }
    if (removed < 0 || added < 0) throw new UnreadableDiffError('a hunk with more lines than it says');
    return true;
  }
}

const escapes: Record<string, string> = {
  '\u0007': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '"': '"',
  '\\': '\\',
};

/** A name as Git writes it in the header of a diff with `core.quotePath` off. */
function quoted(name: string): string {
  // oxlint-disable-next-line no-control-regex
  const escaped = name.replaceAll(/[\u0000-\u001F"\\\u007F]/g, (char) => {
    const code = char.charCodeAt(0).toString(8).padStart(3, '0');
    return `\\${escapes[char] ?? code}`;
  });
  return escaped === name ? name : `"${escaped}"`;
}

/** Decodes a name that Git has quoted in the header of a diff. */
function unquotedName(name: string): string {
  if (!name.startsWith('"')) return name.replace(/\t$/, '');
  const inner = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-7]{3}))*)"$/.exec(name)?.[1];
  if (inner === undefined) throw new UnreadableDiffError('a name that is quoted wrongly');
  const byLetter = new Map(Object.entries(escapes).map(([char, letter]) => [letter, char]));
  return inner.replaceAll(/\\([abtnvfr"\\]|[0-7]{3})/g, (_, code: string) => {
    return byLetter.get(code) ?? String.fromCharCode(Number.parseInt(code, 8));
  });
}

/**
 * Parses a diff without the list of files before it, as VS Code's Git extension returns it. The user's
 * settings may have changed its format, so parsing may fail.
 */
export function readPlainDiff(patch: string): PatchedChange[] {
  const parts = patch.split(/^(?=diff --git )/m).filter(Boolean);
  return parts.flatMap((part) => {
    const change = changeOf(part);
    return readPatches([change], part, false);
  });
}

function changeOf(part: string): RawChange {
  const end = part.search(/^(?:@@ |Binary files )/m);
  const head = part.slice(0, end < 0 ? undefined : end).split('\n');
  const after = (start: string): string | undefined =>
    head.find((line) => line.startsWith(start))?.slice(start.length);
  const names = namesIn(head[0] ?? '');
  const [from, to] = [after('rename from '), after('rename to ')];
  const oldMode = after('old mode ') ?? after('deleted file mode ') ?? '100644';
  const newMode = after('new mode ') ?? after('new file mode ') ?? oldMode;
  const isNew = after('new file mode ') !== undefined;
  const isGone = after('deleted file mode ') !== undefined;
  const status = from === undefined ? (isNew ? 'A' : isGone ? 'D' : 'M') : 'R';
  const path = to === undefined ? names : unquotedName(to);
  const oldPath = from === undefined ? undefined : unquotedName(from);
  if (path === undefined) throw new UnreadableDiffError('a diff without a name');
  return { oldMode, newMode, oldId: '', newId: 'unknown', status, path, oldPath };
}

/** The name in `diff --git a/name b/name`, if both are equal. */
function namesIn(line: string): string | undefined {
  const names = line.slice('diff --git '.length);
  const middle = (names.length - 1) / 2;
  const [old, fresh] = [names.slice(0, middle), names.slice(middle + 1)].map(unquotedName);
  const isSame = old?.startsWith('a/') && fresh === `b/${old.slice(2)}`;
  return isSame ? old?.slice(2) : undefined;
}
