import { fenceIn } from '../../../text/fences.ts';
import { anyOf, anyThoughtClose, anyThoughtOpen } from '../../../text/thoughtMarks.ts';
import { allTokens } from '../formats/families.ts';
import { hasTags } from '../languages.ts';
import { opensBlock } from './layout.ts';
import { isBlank } from './lines.ts';
import { placeBehind, type Surroundings } from './surroundings.ts';

/** Tokens of chat templates, from models that treat the task as a conversation. */
const chatTokens = [
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end|>',
  '<|start|>',
  '<|return|>',
  '<|call|>',
  '<|assistant|>',
];
const moreTokens = [
  '<|user|>',
  '<|system|>',
  '<|im_sep|>',
  '<|cursor|>',
  '<|fim_end|>',
  '<|eot|>',
  '<|eos|>',
  '<unk>',
  '<pad>',
];
const tokens = new Set([...allTokens, ...chatTokens, ...moreTokens]);
/** These can also be HTML tags, words in angle brackets in a usage text, or indexes: see `isTokenAt`. */
const ambiguous = new Set([
  '<s>',
  '</s>',
  '<PRE>',
  '<SUF>',
  '<MID>',
  '<EOT>',
  '<eos>',
  '<bos>',
  '<pr>',
  '<unk>',
  '<pad>',
  '<filename>',
  '[PREFIX]',
  '[SUFFIX]',
  '[MIDDLE]',
  '[INST]',
  '[/INST]',
]);
const anyToken = new RegExp(anyOf([...tokens]), 'g');
/** Control tokens of other families. In F# and Elm, the bars may be operators, but then with spaces. */
const unlisted = /<[|｜][\w▁.-]{2,40}[|｜]>/;
/** The beginning of a token at the very end of an incomplete answer. */
const begunToken = /<[|｜][\w▁]*[|｜]?$|<(?:fim|file|repo)_[a-z]*$/;

/** The text up to the first token of any family. */
export function cutAtToken(text: string, { languageId, before, after }: Surroundings): string {
  const listed = Array.from(text.matchAll(anyToken)).find(
    ({ index, 0: token }) => !ambiguous.has(token) || isTokenAt(text, index, token, languageId),
  );
  // Where the file itself contains such tokens, an unlisted one may be the user's.
  const other = unlisted.test(before + after) ? undefined : unlisted.exec(text);
  const end = Math.min(listed?.index ?? Infinity, other?.index ?? Infinity);
  return end === Infinity ? text.replace(begunToken, '') : text.slice(0, end);
}

function isTokenAt(text: string, at: number, token: string, languageId: string): boolean {
  if (token.startsWith('[')) return !/[\w)\]]$/.test(text.slice(Math.max(0, at - 1), at));
  if (token === '<filename>') return at === 0 || text[at - 1] === '\n';
  // A type in angle brackets, as in `Vec<s>::new()`.
  const isType =
    !token.startsWith('</') && /\w/.test(text[at - 1] ?? '') && /\S/.test(text[at + token.length] ?? '');
  return !isType && !hasTags(languageId);
}

const thought = new RegExp(`^\\s*(?:${anyThoughtOpen})`, 'i');
/** Code about such marks contains them as text. */
const anyThought = new RegExp(`${anyThoughtOpen}|${anyThoughtClose}`, 'i');
const thoughtEnd = new RegExp(anyThoughtClose, 'gi');

/** The text after the model's thinking, without the empty lines between; empty when the thinking has no end. */
export function withoutThoughts(text: string, { before, after, linePrefix }: Surroundings): string {
  // The tags are the user's.
  if (anyThought.test(before) || anyThought.test(after)) return text;
  let end = 0;
  for (const { index, 0: mark } of text.matchAll(thoughtEnd)) end = index + mark.length;
  if (end > 0) return text.slice(end).replace(/^(?:[ \t]*\n)+/, opensBlock(linePrefix) ? '\n' : '');
  return thought.test(text) ? '' : text;
}

const finalMessage = '<|channel|>final<|message|>';

/** OpenAI's Harmony: only the final channel is the answer. */
export function finalChannel(text: string): string {
  if (!text.includes('<|channel|>')) return text;
  const at = text.lastIndexOf(finalMessage);
  return at < 0 ? '' : text.slice(at + finalMessage.length);
}

/** A line of code in back ticks, as in Markdown's text. */
const fenceInLine = /^\s*```[ \t]*(?:[a-z]+[ \t]+)?([^`\n]+?)[ \t]*```\s*$/;
const pleasantry =
  /^\s*(?:sure\b|certainly\b|of course\b|okay,|here(?:'s| is| are) (?:the|a|your|my)\b|the (?:completed|missing|following) (?:code|line|part)|to complete (?:the|this)|i(?:'m| am) sorry\b|i (?:can|will|would|cannot|can't)\b|as an ai\b)/i;

/** The content of a fence, without the text around it. In Markdown and in comments, a fence may be text. */
export function insideFence(text: string, around: Surroundings): string {
  const isText = around.place !== 'code' || around.prose;
  if (isText && !isWrapped(text, around)) return text;
  const inLine = fenceInLine.exec(text)?.[1];
  if (inLine !== undefined) return inLine;
  const lines = text.split('\n');
  const first = lines.findIndex((line) => fenceIn(line) !== undefined);
  const opening = fenceIn(lines[first] ?? '');
  if (!opening) return pleasantry.test(text) ? '' : text;
  const spoken = lines.slice(0, first).join('\n');
  if (spoken.trim() !== '' && !isSpeech(spoken)) {
    // In a string, a fence is text.
    return placeBehind(around, `${spoken}\n`) === 'code' ? spoken.trimEnd() : text;
  }
  const inside = lines.slice(first + 1);
  // The closing fence may have text after it.
  const end = inside.findIndex((line) => fenceIn(line)?.marks.startsWith(opening.marks));
  return inside
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .replace(/\n$/, '');
}

/** A mark of a comment, a list or a quotation, after which a fence can start. */
const onlyMarks = /^[\s*/#>;'!-]*(?:\d+[.)]\s*)?$/;

/** Whether an answer in text is in a fence that cannot be text: behind other text of the cursor's line. */
function isWrapped(text: string, { linePrefix, languageId, prose, place, above }: Surroundings): boolean {
  const start = text.search(/^[ \t]*```/m);
  const before = text.slice(0, Math.max(0, start));
  if (start < 0 || (!isBlank(before) && !pleasantry.test(before))) return false;
  const tag = /^[ \t]*```[ \t]*(\w*)[ \t]*\n/.exec(text.slice(start))?.[1];
  if (!prose && !isBlank(before)) return true;
  // In a comment whose lines have marks, the fence and the lines in it would have some too.
  const [, second] = text.slice(start).trimStart().split('\n');
  if (place === 'comment' && isBlank(linePrefix)) return /^\s*\/?\*/.test(above[0] ?? '');
  if (place === 'comment' && second !== undefined && !/^\s*[*/#;'!-]/.test(second)) return true;
  return (
    !onlyMarks.test(prose ? linePrefix.replace('#', 'x') : linePrefix) ||
    (prose && (tag === languageId || tag === 'md'))
  );
}

function isSpeech(text: string): boolean {
  return pleasantry.test(text) || /^[A-Z][^;{}()=]*[:.!]\s*$/.test(text.trim());
}
