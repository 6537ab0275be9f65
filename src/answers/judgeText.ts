import type { Outlined } from './judgeEntries.ts';

/** Lines with text, without leading and trailing white space. */
export function wordyLines(text: string): string[] {
  const wordy: string[] = [];
  for (const line of text.split('\n')) {
    const plain = line.trim();
    if (plain !== '') wordy.push(plain);
  }
  return wordy;
}

/** The share of lines that are among others. Repeated lines count repeatedly. */
export function shareAmong(lines: readonly string[], others: readonly string[]): number {
  if (lines.length === 0) return 1;
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  let found = 0;
  for (const line of lines) {
    const count = left.get(line) ?? 0;
    if (count > 0) found += 1;
    left.set(line, count - 1);
  }
  return found / lines.length;
}

/** Whether a text is a patch with added and removed lines. */
export function isPatch(code: string, replaced: string): boolean {
  return hasPatchMarks(code) && !hasPatchMarks(replaced);
}

function hasPatchMarks(text: string): boolean {
  if (/^@@ -\d+(?:,\d+)? \+\d+/m.test(text)) return true;
  if (/^(?:--- |\+\+\+ )\S[^]*^(?:--- |\+\+\+ )\S/m.test(text)) return true;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const count = (mark: RegExp): number => lines.filter((line) => mark.test(line)).length;
  const [added, removed] = [count(/^\+(?!\+)/), count(/^-(?!-)/)];
  return added > 0 && removed > 0 && added + removed + count(/^\s/) === lines.length;
}

/** Whether the answer's code is incomplete although what it replaces is not. */
export function isIncomplete(answer: Outlined, replaced: Outlined, languageId: string): boolean {
  if (answer.isOpen && !replaced.isOpen) return true;
  if (!answer.code.isBalanced && replaced.code.isBalanced) return true;
  if (/^python$|^yaml$/.test(languageId))
    return /:\s*$/.test(answer.code.masked.trimEnd()) && /^python$/.test(languageId);
  if (isJson(languageId, replaced.text) && !isJson(languageId, answer.text)) return true;
  if (endsInHead(answer) && !endsInHead(replaced)) return true;
  if (endsBadly(answer, languageId) && !endsBadly(replaced, languageId)) return true;
  return endsDeeper(answer) && !endsDeeper(replaced);
}

const openHead =
  /^\s*(?!declare\b)(?:[\w<>@]+\s+)*(?:func|function|fun|fn|class|struct|interface|trait|impl|enum|def|namespace|module)\b[^{};=]*$/;

/** Whether the last line starts a declaration without a body. */
function endsInHead({ code }: Outlined): boolean {
  const last = code.masked.trimEnd().split('\n').at(-1) ?? '';
  return openHead.test(last) && !/^\s*(?:\w+\s+)*class\s+\w+\s*\(.*\)\s*$/.test(last);
}

/** Languages in which every statement ends with a punctuation mark. */
const marked = /^(?:java|csharp|c|cpp|cuda-cpp|objective-c|objective-cpp|rust|php|dart|css|scss|less)$/;

function endsBadly({ code }: Outlined, languageId: string): boolean {
  return marked.test(languageId) && /[^\s;{})\],>"]\s*$/.test(code.masked);
}

function isJson(languageId: string, text: string): boolean {
  if (!languageId.startsWith('json')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const endWords = /\b(?:end|fi|done|esac)\b/;

/** In languages whose blocks end with a word, the last line is not indented more than the first. */
function endsDeeper({ code }: Outlined): boolean {
  const hasWords = endWords.test(code.masked) || /^[ \t]*(?:def|module|class|function)\b/m.test(code.masked);
  const lines = code.masked.split('\n').filter((line) => line.trim() !== '');
  return hasWords && depthOf(lines.at(-1)) > depthOf(lines[0]);
}

function depthOf(line = ''): number {
  return line.search(/\S/);
}

/** Whether a text is only the beginning of another one, so that the rest would be lost. */
export function isBeginning(code: string, replaced: string): boolean {
  const [lines, old] = [wordyLines(code), wordyLines(replaced)];
  if (lines.length < 2 || lines.length >= old.length * 0.8) return false;
  const head = lines.slice(0, -1);
  return head.every((line, at) => line === old[at]) && !old.slice(-1).includes(lines.at(-1)!);
}

const word = /[\p{L}_$][\p{L}\p{N}_$]+/gu;

/** Whether two texts have a word in common, or the old one has no characteristic word. */
export function areRelated(code: string, replaced: string): boolean {
  const old = new Set(replaced.match(word) ?? []);
  return old.size < 2 || (code.match(word) ?? []).some((one) => old.has(one));
}

/** Number of lines with text that are missing. Undefined when it is not unusual. */
export function lostLines(code: string, replaced: string): { lost: number; total: number } | undefined {
  const [lines, old] = [wordyLines(code), wordyLines(replaced)];
  if (old.length < 6 || lines.length > old.length * 0.6) return undefined;
  const lost = Math.round(old.length * (1 - shareAmong(old, lines)));
  return lost * 2 >= old.length ? { lost, total: old.length } : undefined;
}
