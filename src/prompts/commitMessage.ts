import { codeSpan, fencedBlock } from '../text/markdown.ts';
import { systemPrompt } from './systemPrompt.ts';
import { promptTokens, templateTokens, tokenCost, type TokenBudget, type TokenCost } from './tokens.ts';

/** What a message is to be written for. */
export interface Changes {
  /** As `git diff` prints it. */
  diff: string;
  branch?: string | undefined;
}

/** Files of which the model did not see everything. */
export interface Trimmed {
  /** Paths of files that were sent in part. */
  cut: string[];
  /** Paths of files of which only the name was sent, because there was no room for more. */
  named: string[];
  /** Number of all files. */
  total: number;
}

interface FileDiff {
  path: string;
  /** One line that says what happened, for a file without text to show. */
  summary: string;
  /** The hunks; empty for a binary file or a mere rename. */
  lines: string[];
}

/**
 * A laptop's CPU reads about 150 tokens a second: 4,000 are half a minute, the longest that anybody would wait for
 * a commit message.
 */
const diffTokens = 4_000;

/** Diffs of these say little about a change and are long; they come by name when others need the room. */
const generated =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock|composer\.lock|Gemfile\.lock|.*\.min\.(?:js|css)|.*\.map|.*\.snap)$/;

const instruction = `Write a commit message for these changes.
First line: what the change does, in the imperative mood, at most 72 characters, no full stop. If the reason or \
the effect is not obvious, add an empty line and then a short text, wrapped at 72 characters; else write only the \
first line. Answer with the message alone, as plain text: no Markdown, no quotation marks, no code block, no \
explanation.`;

/** The changes first, the instruction last; what does not fit is left out file by file, and said. */
export function buildCommitPrompt(
  { diff, branch }: Changes,
  budget: TokenBudget,
): { system: string; prompt: string; trimmed?: Trimmed } {
  const cost = tokenCost(budget.charsPerToken);
  const files = readDiff(diff);
  const head = branch ? `Branch: ${codeSpan(branch)}\n\n` : '';
  const fixed = cost(systemPrompt) + templateTokens + cost(head) + cost(instruction) + frameTokens;
  const shown = fit(files, Math.min(diffTokens, promptTokens(budget) - fixed), cost);
  const block = fencedBlock(`${shown.texts.join('\n')}\n`, 'diff');
  const prompt = `${head}Changes in ${count(files.length, 'file')}:\n\n${block}\n${instruction}`;
  const isTrimmed = shown.cut.length + shown.named.length > 0;
  const trimmed = { cut: shown.cut, named: shown.named, total: files.length };
  return { system: systemPrompt, prompt, ...(isTrimmed ? { trimmed } : {}) };
}

/** The sentence before the changes and the fences around them. */
const frameTokens = 24;

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The files of a diff. */
function readDiff(diff: string): FileDiff[] {
  // Somebody's git colors even what goes to a program.
  // oxlint-disable-next-line no-control-regex
  const plain = diff.replaceAll(/\u001B\[[\d;]*m/g, '').replaceAll('\r\n', '\n');
  return plain
    .split(/^(?=diff --(?:git|cc|combined) )/m)
    .filter((part) => part.startsWith('diff --'))
    .map(readFile);
}

function readFile(part: string): FileDiff {
  const lines = part.trimEnd().split('\n');
  const hunks = lines.findIndex((line) => line.startsWith('@@'));
  const head = hunks < 0 ? lines : lines.slice(0, hunks);
  const after = (prefix: string): string | undefined =>
    head.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  const old = after('rename from ') ?? pathOf(after('--- '));
  const path = after('rename to ') ?? pathOf(after('+++ ')) ?? old ?? nameIn(head[0] ?? '');
  const isBinary = head.some((line) => /^(?:Binary files |GIT binary patch)/.test(line));
  const what = [
    ...(after('new file mode') === undefined ? [] : ['new']),
    ...(after('deleted file mode') === undefined ? [] : ['deleted']),
    ...(after('rename from ') === undefined ? [] : [`renamed from ${old}`]),
    ...(isBinary ? ['binary'] : []),
  ].join(', ');
  return {
    path,
    summary: `File ${path}${what ? ` (${what})` : ''}`,
    lines: isBinary || hunks < 0 ? [] : lines.slice(hunks),
  };
}

/** `b/src/x.ts` without the side; git quotes unusual names and marks an absent side by /dev/null. */
function pathOf(side: string | undefined): string | undefined {
  if (side === undefined || side.startsWith('/dev/null')) return undefined;
  const unquoted = side.replace(/\t$/, '').replace(/^"(.*)"$/, '$1');
  return unquoted.replace(/^[a-z]\//, '');
}

/** From `diff --git a/x b/x`, where nothing else names the file: a binary one, or only a new mode. */
function nameIn(line: string): string {
  const names = line.replace(/^diff --\w+ /, '');
  return names
    .slice(Math.ceil(names.length / 2))
    .replace(/^"?[a-z]\//, '')
    .replace(/"$/, '');
}

/** All files by name, then each with as much of its text as its share of the room allows. */
function fit(
  files: FileDiff[],
  room: number,
  cost: TokenCost,
): { texts: string[]; cut: string[]; named: string[] } {
  const names = files.map(({ summary }) => cost(`${summary}\n`));
  const texts: string[] = [];
  const cut: string[] = [];
  const named: string[] = [];
  let listed = 0;
  for (let left = room - cost(more(files.length)); listed < files.length; listed++) {
    left -= names[listed]!;
    if (left < 0) break;
  }
  const spare =
    room - names.slice(0, listed).reduce((total, name) => total + name, 0) - cost(more(files.length));
  const shares = sharesOf(files.slice(0, listed), spare, cost);
  for (const [index, file] of files.slice(0, listed).entries()) {
    const { text, whole } = begin(file, shares[index] ?? 0, cost);
    texts.push(text);
    if (!whole) (text === file.summary ? named : cut).push(file.path);
  }
  if (listed < files.length) texts.push(more(files.length - listed));
  return { texts, cut, named: [...named, ...files.slice(listed).map(({ path }) => path)] };
}

function more(number: number): string {
  return `[... ${count(number, 'more file')} left out ...]`;
}

/** Small files whole, the rest in equal parts; generated ones get what the others do not need. */
function sharesOf(files: FileDiff[], room: number, cost: TokenCost): number[] {
  const wanted = files.map(({ lines }) => lines.reduce((total, line) => total + cost(`${line}\n`), 0));
  const shares = files.map(() => 0);
  let left = Math.max(0, room);
  for (const isGenerated of [false, true]) {
    const order = [...files.keys()]
      .filter((index) => generated.test(files[index]!.path) === isGenerated)
      .toSorted((one, other) => wanted[one]! - wanted[other]!);
    for (const [position, index] of order.entries()) {
      shares[index] = Math.min(wanted[index]!, left / (order.length - position));
      left -= shares[index];
    }
  }
  return shares;
}

function restMark(missing: number): string {
  return `[... ${count(missing, 'more line')} of this file left out ...]`;
}

/** The beginning of a file's hunks, cut between lines; a generated file is shown whole or by name. */
function begin(file: FileDiff, share: number, cost: TokenCost): { text: string; whole: boolean } {
  const { summary, lines, path } = file;
  let used = 0;
  const end = lines.findIndex((line) => (used += cost(`${line}\n`)) > share + 1e-6);
  if (end < 0) return { text: [summary, ...lines].join('\n'), whole: true };
  let last = end;
  for (
    let free = share - (used - cost(`${lines[end]}\n`));
    last > 0 && free < cost(restMark(lines.length));
    last--
  )
    free += cost(`${lines[last - 1]}\n`);
  // A hunk's first line alone says nothing.
  if (last < 2 || generated.test(path)) return { text: summary, whole: false };
  return { text: [summary, ...lines.slice(0, last), restMark(lines.length - last)].join('\n'), whole: false };
}

/** Longest first line, and longest line of the text below it, in characters, as git's own tools show them. */
const subjectChars = 72;

/** What a model may say before its message, as the beginning of a line. */
const chatter =
  /^(?:here(?:'s| is| are)|sure|certainly|of course|okay|ok\b|absolutely|the (?:following )?commit message|(?:suggested |proposed )?commit message|below is|based on|this is)\b.*$/i;
/** What may turn out to be no part of the message. */
const doubtful =
  /^\s*(?:$|[`"'*#<“_]|here|sure|cert|of c|ok|abso|the |commit|sugg|prop|below|based|this|subject)/i;

/**
 * The message in what the model has written: without thinking, code fences, quotation marks and chatter, with a first
 * line of at most 72 characters. While it is still being written, a line that may yet turn out to be none of it is
 * held back.
 */
export function commitMessageIn(answer: string, complete: boolean): string {
  const plain = withoutThinking(answer, complete).replaceAll('\r', '');
  const text = complete ? plain : plain.replace(/\n[ \t]*`{1,2}$/, '');
  const lines = contentLines(text, complete);
  const [subject = '', ...rest] = lines.join('\n').trim().split('\n');
  if (!complete && rest.length === 0 && doubtful.test(subject)) return '';
  return layout(cleanSubject(subject, complete), rest.join('\n').trim(), complete);
}

/** A model whose server does not know its marks writes its thoughts into the answer. */
function withoutThinking(answer: string, complete: boolean): string {
  const closed = answer.replaceAll(/<(think|thinking|thought)>[\s\S]*?<\/\1>/gi, '');
  const afterLast = closed.replace(/^[\s\S]*<\/(?:think|thinking|thought)>/i, '');
  const unopened = afterLast.replace(/<(?:think|thinking|thought)>[\s\S]*$/i, '');
  return complete ? unopened : unopened.replace(/<[a-z]{0,8}$/i, '');
}

function contentLines(text: string, complete: boolean): string[] {
  const all = text.trimStart().split('\n');
  const fence = all.findIndex((line) => /^\s*```/.test(line));
  const isLead = fence > 0 && all.slice(0, fence).every((line) => !line.trim() || chatter.test(line.trim()));
  if (fence === 0 || isLead) {
    const inside = all.slice(fence + 1);
    const end = inside.findIndex((line) => /^\s*```/.test(line));
    return end < 0 ? inside : inside.slice(0, end);
  }
  const isIntroduced = chatter.test(all[0]?.trim() ?? '') && /:\s*\**\s*$/.test(all[0] ?? '');
  if (!isIntroduced) return fence < 0 ? all : all.slice(0, fence);
  return all.length > 1 || complete ? all.slice(1) : [''];
}

/** Without label, Markdown marks, quotation marks around it and a full stop. */
function cleanSubject(subject: string, complete: boolean): string {
  const plain = subject
    .trim()
    .replace(/^#+\s+/, '')
    .replaceAll(/\*\*/g, '')
    .replace(/^(?:suggested |proposed )?(?:commit message|subject|title)\s*:\s*/i, '')
    .trim();
  const unquoted = /^(["'`“])(.*?)["'`”]?$/.exec(plain);
  const isQuoted = unquoted && (!complete || /["'`”]$/.test(plain)) && !/["'`”]./.test(unquoted[2] ?? '');
  return (isQuoted ? (unquoted[2] ?? '') : plain).replace(/(?<!\.)\.$/, '').trim();
}

/** A first line that is too long goes on below, at a blank. */
function layout(subject: string, body: string, complete: boolean): string {
  if (subject.length <= subjectChars) return [subject, ...(body ? [wrapped(body)] : [])].join('\n\n');
  const room = subject.slice(0, subjectChars);
  const blank = room.lastIndexOf(' ');
  const head = subject.slice(0, blank > subjectChars / 2 ? blank : subjectChars - 1);
  const rest = subject.slice(head.length).trim();
  const more = `…${rest}${body ? `\n\n${body}` : ''}`;
  return `${head.slice(0, subjectChars - 1)}…${complete || rest ? `\n\n${wrapped(more)}` : ''}`;
}

function wrapped(text: string): string {
  return text.split('\n').flatMap(wrappedLine).join('\n');
}

/** Only at blanks; the lines of a list's entry stand below its text. Indented lines may be code and stay. */
function wrappedLine(line: string): string[] {
  if (line.length <= subjectChars || /^(?: {4}|\t)/.test(line)) return [line.trimEnd()];
  const indent = ' '.repeat(/^\s*(?:[-*] |\d+\. )?/.exec(line)?.[0].length ?? 0);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trimEnd().split(/(?<=\S) +/)) {
    if (current && current.length + 1 + word.length > subjectChars) {
      lines.push(current);
      current = indent + word;
    } else current = current ? `${current} ${word}` : word;
  }
  return [...lines, current];
}
