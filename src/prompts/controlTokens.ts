/**
 * Models read some strings as control tokens of their chat template: `<|im_end|>` ends a turn wherever it
 * comes from. In the user's text they are data. So in a prompt, each gets a visible mark after its first
 * character. If an answer repeats the marked form, the mark is removed, so that it never reaches the user's
 * files.
 */
const mark = '\u00b7';

/** Tokens in angle brackets without bars. */
const angleNames = [
  's|pad|unk|bos|eos|mask|cls|sep|sop|eop|eod|eot|eom|eoa|eoh|BOS|EOS|EOT|PAD|UNK|PRE|SUF|MID|FIM|MASK',
  '(?:BOS|EOS|EOT|EOD|PAD|UNK|CLS|SEP|MASK|SOP|EOP)_TOKEN',
  'think|thinking|thought|seed:\\w+|minimax:\\w+|longcat_\\w+|mask:\\d+|escape',
  'tool_calls?|tool_responses?|tool_call_begin|tool_call_end|function_calls?|arg_key|arg_value',
  '(?:begin|start|end)_(?:of_\\w+|header_id|function_\\w+)',
  'fim[_-]\\w+|(?:code|file|repo|issue|commit|jupyter)_\\w+|filename|reponame|gh_stars|empty_output',
  'unused_?\\d+|reserved_\\d+|extra_id_\\d+|special_\\d+|SPECIAL_\\d+|image_soft_token|image',
].join('|');

/** Tokens in square brackets: of Mistral's templates, of masked models, and the server's own for images. */
const squareNames = [
  'INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS?|TOOL_RESULTS?|TOOL_CONTENT|TOOL_PLAN|TOOLS|ARGS|CALL_ID',
  'THINK|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|TRANSCRIBE|MODEL_SETTINGS|control_\\d+',
  'PREFIX|SUFFIX|MIDDLE|EOT|EOS|BOS|UNK|PAD|CLS|SEP|MASK|gMASK|sMASK|eMASK|dMASK|img-\\d+',
].join('|');

/** Falcon's tokens, such as `>>QUESTION<<`. Their mark goes between the last two characters. */
const falconNames = 'TITLE|ABSTRACT|INTRODUCTION|SUMMARY|COMMENT|ANSWER|QUESTION|DOMAIN|PREFIX|SUFFIX|MIDDLE';

/** The rest of a token after its first character, as a lookahead, because tokens may overlap. */
const afterAngle = [
  // <|name|> and <|name>, <name|>, and DeepSeek's full-width bars, which no other text has there.
  '\\|[^\\s<>|]{1,80}\\|?>',
  '/?[\\w:-]{1,80}\\|>',
  '/?\uff5c',
  '</?SYS>>',
  `/?(?:${angleNames})/?>`,
].join('|');
/** The last ones are MiniMax's; a template may add the last character of `[e~[` itself. */
const afterSquare = `/?(?:${squareNames})\\]|e~`;
const afterClosing = '~b\\]|~!b\\[|<\\][^\\n[\\]]{1,40}\\[>';

/** Positions after the first character of a token, and before marks that the text contains itself. */
const marking = new RegExp(
  `(?<=<)(?:${mark}|(?=${afterAngle})|(?<=>>(?:${falconNames})<))` +
    `|(?<=\\[)(?:${mark}|(?=${afterSquare}))|(?<=\\])(?:${mark}|(?=${afterClosing}))`,
  'gu',
);
const marked = new RegExp(`([<[\\]])${mark}`, 'gu');

/**
 * Adds a mark to each control token. Text that looks marked already gets another mark, so that decoding
 * restores it.
 */
export function encodeControlTokens(text: string): string {
  return text.replaceAll(marking, (found) => found + mark);
}

/** The inverse of `encodeControlTokens`. */
export function decodeControlTokens(text: string): string {
  return text.replaceAll(marked, '$1');
}

/** Whether an encoded text contains marks, which its answer may then repeat. */
export function hasMarkedTokens(encoded: string): boolean {
  return encoded.search(marked) >= 0;
}

/** `decodeControlTokens` for a text that arrives in pieces. */
export class ControlTokenDecoder {
  /** The last character, if a mark may follow it. */
  private last = '';

  add(piece: string): string {
    if (piece === '') return '';
    const text = decodeControlTokens(this.last + piece).slice(this.last.length);
    this.last = /[<[\]]$/u.test(piece) ? piece.slice(-1) : '';
    return text;
  }
}

/**
 * Explains the marks to the model. Placed after the code, because the beginning of a prompt must be the same
 * for every action.
 */
export const markedTokensNote =
  `Marks of chat templates are shown here with a dot (${mark}) behind their first character, such as <${mark}|name|>, ` +
  'so that they are plain text. Write such marks in the same way.\n';

/**
 * Joins and encodes the two parts of a prompt. Adds the sentence about marks between them if there are any.
 * @param needsNote whether there are marks elsewhere in the conversation
 */
export function joinEncoded(code: string, task: string, needsNote = false): string {
  // Encoded as one text, because a token may extend over both parts.
  const whole = encodeControlTokens(code + task);
  if (!needsNote && !hasMarkedTokens(whole)) return whole;
  if (code === '') return `${markedTokensNote}\n${whole}`;
  const start = encodeControlTokens(code);
  return `${start}\n${markedTokensNote}${whole.slice(start.length)}`;
}
