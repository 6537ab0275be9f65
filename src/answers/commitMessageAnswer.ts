import { codeBlocks } from '../text/codeBlocks.ts';
import { type Fence, closesFence, fenceIn } from '../text/fences.ts';
import { agreement, announcement, farewell } from './chatter.ts';
import { layOut, wrapped } from './commitMessageLayout.ts';
import { answerText } from './splitAnswer.ts';
import { isToolCall } from './toolCallText.ts';
import { messageInCommand, messagesInJson } from './commitMessageShapes.ts';

/** Facts for reading the answer. */
export interface CommitMessageOptions {
  /** The message that Git has prepared. The answer completes it (`message`) or goes above it (`squash`). */
  prepared?: { text: string; kind: 'message' | 'squash' } | undefined;
  /** Whether subject lines of this repository end with a full stop. */
  fullStop?: boolean;
  /** The user's instructions. A sign-off that they ask for is kept. */
  instructions?: string | undefined;
  /** The prompt. Marks of chat templates that occur in it are ordinary text. */
  known?: string;
}

export interface CommitMessageAnswer {
  /** Empty when the answer has none. */
  message: string;
  /** Number of messages in the answer; the first is used. */
  candidates: number;
}

/** Start of a line that a model may write before its message. */
const chatter = new RegExp(
  `^(?:${agreement}|${announcement}|got it|great|the (?:following )?commit message|` +
    '(?:suggested |proposed |possible |recommended )?commit messages?\\b|below are|based on|' +
    "i(?:'d|’d| would) suggest|you (?:can|could) use)\\b.*$",
  'i',
);
/** Start of a line that it may write after it. */
const outro = new RegExp(
  `^(?:${farewell}|\\**(?:explanation|note|notes|rationale|reasoning|why|changes made)\\**:|` +
    'this (?:commit )?message\\b|these (?:commit )?messages\\b|hope this|would you like|do you want|' +
    "if you(?:'d|’d| prefer)|you can (?:also|adjust|change|modify)|choose|pick the)",
  'i',
);
/** A line that only announces the message. */
const label =
  /^(?:#+\s*)?\**_?(?:(?:suggested|proposed|recommended|final|git)\s+)?(?:commit(?:\s+message)?|message|answer)_?\**\s*:?\s*\**\s*$/i;
const subjectLabel =
  /^(?:#+\s*)?\**(?:(?:suggested|proposed|recommended|final)\s+)?(?:commit message|commit|subject(?: line)?|title|header|summary)\s*:\s*\**\s*/i;
const bodyLabel = /^\**(?:body|description|details)\s*:\s*\**\s*/i;
/** Trailers with names, which the model cannot know. */
const trailer =
  /^(?:signed-off-by|co-authored-by|co-developed-by|reviewed-by|acked-by|tested-by|reported-by|generated[- ]by|generated with|assisted-by)\b.*$/i;
/** Text that may turn out not to belong to the message. */
const doubtful =
  /^\s*(?:$|[`"'“*#<_{[$>\d-]|here|sure|cert|of c|ok|abso|got|great|the |commit|sugg|prop|poss|recom|final|message|answer|below|based|this|subject|title|i(?:'|’| w|$)|you|option|git(?:$| a| c| -))/i;

/**
 * The message in a model's answer: without thinking, fences, quotation marks and chatter, with a first line
 * of at most 72 characters. While it is being written, text that may not belong to it is held back.
 */
export function commitMessageIn(
  answer: string,
  complete: boolean,
  options: CommitMessageOptions = {},
): string {
  return complete ? readCommitMessage(answer, options).message : unfinished(answer, options);
}

/** Like `commitMessageIn`, for a complete answer. */
export function readCommitMessage(answer: string, options: CommitMessageOptions = {}): CommitMessageAnswer {
  const text = answerText(answer, options.known).replaceAll('\r', '').trim();
  if (isToolCall(text) && messagesInJson(text).length === 0) return { message: '', candidates: 0 };
  const [first = '', ...others] = candidatesIn(text);
  const message = tidy(first, true, options);
  return { message: joined(message, options), candidates: message ? 1 + others.length : 0 };
}

function unfinished(answer: string, options: CommitMessageOptions): string {
  const text = answerText(answer, options.known)
    .replaceAll('\r', '')
    .replace(/\n[ \t]*`{1,2}$/, '');
  const lines = contentLines(text, false);
  const isFirstLine = !lines.join('\n').trim().includes('\n');
  const first = lines.join('\n').trimStart();
  if (isFirstLine && doubtful.test(first)) return '';
  // Only the complete answer shows what these are.
  if (/^(?:[{[]|(?:\$ |> )?git (?:add|commit)\b|\d+[.)]\s|\**option\b|[-*] )/i.test(first)) return '';
  return joined(tidy(lines.join('\n'), false, options), options);
}

/** Adds the message that Git has prepared, which is never lost. */
function joined(message: string, { prepared }: CommitMessageOptions): string {
  if (!prepared || !message) return message;
  return prepared.kind === 'squash' ? `${message}\n\n${prepared.text}` : `${prepared.text}\n\n${message}`;
}

/** All messages in the answer; the text itself if it is one message. */
function candidatesIn(text: string): string[] {
  const blocks = offeredBlocks(text);
  const parts = blocks.length > 1 ? blocks : [contentLines(text, true).join('\n').trim()];
  const messages = parts.flatMap(messagesIn);
  if (blocks.length > 1 || messages.length > 1 || messages[0] !== parts[0]) return messages;
  // Sentences before a block may look like a message. A block with a command or JSON is certain.
  const inBlock = blocksIn(text).flatMap(({ code }) => {
    const found = messageInCommand(code) ?? messagesInJson(code)[0];
    return found === undefined ? [] : [found];
  });
  return inBlock.length > 0 ? inBlock : messages;
}

/** The messages in one part of an answer. */
function messagesIn(part: string): string[] {
  const json = messagesInJson(part);
  if (json.length > 0) return json;
  const command = messageInCommand(part);
  if (command !== undefined) return [command];
  const listed = listedItems(part);
  return listed.length > 0 ? listed : [part];
}

/** The closed blocks of an answer, each with the last line above it that is not empty. */
function blocksIn(text: string): { before: string; code: string }[] {
  const lines = text.split('\n');
  let from = 0;
  return codeBlocks(text).flatMap(({ line, code, closed }) => {
    const before = lines.slice(from, line).findLast((above) => above.trim() !== '') ?? '';
    from = line;
    return closed ? [{ before, code }] : [];
  });
}

const offer = /^(?:#+\s*)?\**(?:option|alternative|candidate|version|suggestion|choice|or|\d+[.)])(?![\w-])/i;

/** The blocks of an answer that offers several, each announced by the line before it. */
function offeredBlocks(text: string): string[] {
  const offered = blocksIn(text).filter(({ before }) => offer.test(before.trim()));
  return offered.length > 1 ? offered.map(({ code }) => code.trim()) : [];
}

/** `1. ...` and `2. ...`, or `Option 1: ...`, if the first line is one of them. */
function listedItems(text: string): string[] {
  const item =
    /^[ \t]*(?:(?:#+\s*)?\**(?:option|alternative|candidate|suggestion)\s+(?:\d+|[A-Z])\**\s*[:.)-]?\**|\**\d+[.)]\**)(?:[ \t]+|(?=\n)|$)/gim;
  const starts = Array.from(text.matchAll(item));
  if (starts.length < 2 || starts[0]?.index !== 0) return [];
  return starts.map((start, index) => {
    const end = starts[index + 1]?.index ?? text.length;
    return text
      .slice(start.index + start[0].length, end)
      .replaceAll(/^ {2,4}/gm, '')
      .trim();
  });
}

/** The lines inside the first fence, else those after an introduction. */
function contentLines(text: string, complete: boolean): string[] {
  const all = withoutLead(text.trimStart().split('\n'));
  const fence = all.findIndex((line) => fenceIn(line) !== undefined);
  const open = fenceIn(all[fence] ?? '');
  const isLead = fence > 0 && all.slice(0, fence).every((line) => !line.trim() || isIntroduction(line, true));
  if (open && (fence === 0 || isLead)) return blockAfter(open, all.slice(fence + 1));
  const lead = all.findIndex((line) => line.trim() !== '');
  const isIntroduced = lead >= 0 && isIntroduction(all[lead]!, false);
  if (!isIntroduced) return fence < 0 ? all : all.slice(0, fence);
  return all.length > lead + 1 || complete ? contentLines(all.slice(lead + 1).join('\n'), complete) : [''];
}

function blockAfter(open: Fence, lines: string[]): string[] {
  const end = lines.findIndex((line) => closesFence(fenceIn(line), open));
  return end < 0 ? lines : lines.slice(0, end);
}

/** Removes lines such as `# Commit message`. */
function withoutLead(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '' && !label.test(line.trim()));
  return first < 0 ? [] : lines.slice(first);
}

/**
 * Before a fence, anything that looks like chatter; elsewhere only a line that ends in a colon or an
 * exclamation mark.
 */
function isIntroduction(line: string, beforeFence: boolean): boolean {
  const text = line.trim().replace(/^[#*_]+\s*/, '');
  if (!chatter.test(text)) return false;
  return beforeFence || /[:!]\s*[*_]*\s*$/.test(text);
}

/** Formats one message: subject line, empty line, body. */
function tidy(text: string, complete: boolean, options: CommitMessageOptions): string {
  const lines = withoutOutro(withoutMarks(text).split('\n'));
  const kept = lines.filter(
    (line) => !trailer.test(line.trim()) || options.instructions?.includes(line.trim()),
  );
  if (options.prepared?.kind === 'message') return completionOf(kept, options.prepared.text);
  const [subject = '', ...rest] = kept.join('\n').trim().split('\n');
  const body = rest
    .join('\n')
    .trim()
    .replace(bodyLabel, '')
    .replaceAll(/\n{3,}/g, '\n\n');
  return layOut(cleanSubject(subject, complete, options.fullStop ?? false), body, complete);
}

/** What the answer adds to a prepared message, without repetition. */
function completionOf(lines: readonly string[], prepared: string): string {
  const said = new Set(prepared.split('\n').map((line) => line.trim()));
  const first = lines.findIndex((line) => line.trim() !== '' && !said.has(line.trim()));
  const text = first < 0 ? '' : lines.slice(first).join('\n').trim();
  return wrapped(text.replace(bodyLabel, '').replaceAll(/\n{3,}/g, '\n\n'));
}

/** Removes quotation marks around the whole message. */
function withoutMarks(text: string): string {
  const plain = text.trim();
  const inner = /^(["'“])([^"'“”]*\n[^]*?)["'”]$/.exec(plain)?.[2];
  return inner ?? plain;
}

function withoutOutro(lines: readonly string[]): string[] {
  const end = lines.findIndex(
    (line, index) => index > 0 && outro.test(line.trim()) && !lines[index - 1]?.trim(),
  );
  return end < 0 ? [...lines] : lines.slice(0, end);
}

/** Removes a label, Markdown, surrounding quotation marks and usually a full stop. */
function cleanSubject(subject: string, complete: boolean, fullStop: boolean): string {
  const plain = subject
    .trim()
    .replace(/^(?:#+|[-*])\s+/, '')
    .replaceAll(/\*\*/g, '')
    .replace(subjectLabel, '')
    .trim();
  const unquoted = /^(["'`“])(.*?)["'`”]?$/.exec(plain);
  const isQuoted = unquoted && (!complete || /["'`”]$/.test(plain)) && !/["'`”]./.test(unquoted[2] ?? '');
  const text = isQuoted ? (unquoted[2] ?? '') : plain;
  return (fullStop ? text : text.replace(/(?<!\.)\.$/, '')).trim();
}
