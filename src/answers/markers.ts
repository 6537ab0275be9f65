import { anyOf, anyThoughtClose, anyThoughtOpen, thoughtMarks } from '../text/thoughtMarks.ts';

/** Marks of gpt-oss's format, in which every message has a channel. */
export const harmonyMarks = ['<|start|>', '<|channel|>', '<|message|>', '<|constrain|>', '<|call|>'] as const;

/** Start of the final message in that format, as the source of a regular expression. */
export const harmonyFinal = String.raw`<\|channel\|>\s{0,8}final\b[^<\n]{0,60}(?:<\|constrain\|>[^<\n]{0,60})?<\|message\|>`;

/** What is left of it when a server has removed the marks but not the words. */
export const bareHarmonyFinal = 'assistantfinal';

/** Tokens that start a turn. Most are followed by the name of a role. */
const turnOpeners = [
  '<|im_start|>',
  '<|start_header_id|>',
  '<|header_start|>',
  '<|start_of_role|>',
  '<start_of_turn>',
  '<|turn>',
  '<|user|>',
  '<|assistant|>',
  '<|system|>',
  '<|observation|>',
  '<|User|>',
  '<|Assistant|>',
  '<｜User｜>',
  '<｜Assistant｜>',
  '<|START_OF_TURN_TOKEN|>',
  '<|USER_TOKEN|>',
  '<|CHATBOT_TOKEN|>',
  '<|SYSTEM_TOKEN|>',
  '<|start_of_turn|>',
  '[|user|]',
  '[|assistant|]',
  '[|system|]',
  '[INST]',
  '[SYSTEM_PROMPT]',
];

/** Tokens that end a header, a turn or an answer, or surround a response. */
const turnEnds = [
  '<|im_end|>',
  '<|im_sep|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|begin_of_text|>',
  '<|end_header_id|>',
  '<|header_end|>',
  '<|end_of_role|>',
  '<|role_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|eot|>',
  '<|EOT|>',
  '<|eos|>',
  '<|end|>',
  '<|return|>',
  '<|endofturn|>',
  '<|end_of_turn|>',
  '<|END_OF_TURN_TOKEN|>',
  '<|START_RESPONSE|>',
  '<|END_RESPONSE|>',
  '<|startoftext|>',
  '<|file_separator|>',
  '<|fim_pad|>',
  '<｜begin▁of▁sentence｜>',
  '<｜end▁of▁sentence｜>',
  '<｜fim▁end｜>',
  '<end_of_turn>',
  '<turn|>',
  '<seed:bos>',
  '<seed:eos>',
  '[|endofturn|]',
  '[/INST]',
  '[/SYSTEM_PROMPT]',
];

/** Tokens that could also be a tag or a word. They count only at the very end of an answer. */
export const weakTokens = [
  '</s>',
  '<s>',
  '<eos>',
  '<bos>',
  '<pad>',
  '<EOT>',
  '<eot>',
  '[EOS]',
  '[gMASK]',
  '<sop>',
];

export const strongTokens: readonly string[] = [...turnOpeners, ...turnEnds, ...harmonyMarks];
const allTokens: readonly string[] = [...strongTokens, ...weakTokens];

/** Sources of regular expressions. */
export const anyToken = anyOf(allTokens);
export const anyOpener = anyOf(turnOpeners);
/** Names of the assistant's role in templates; `model` is Gemma's. */
export const ownRole = '(?:assistant|model|chatbot|ai)';
export const otherRole = '(?:user|human|system|tool|developer|ipython|observation)';

/** First characters of all marks. */
export const markStart = /[<[◁]/;
/** Whether a text contains a mark, a fence, or words that replace a mark. */
export const anyMark = new RegExp(
  `${anyThoughtOpen}|${anyThoughtClose}|${anyToken}|${bareHarmonyFinal}`,
  'i',
);
/** Length of the longest mark. */
export const longestMark = Math.max(
  ...[...thoughtMarks.flatMap(({ open, close }) => [open, close]), ...allTokens].map(({ length }) => length),
);
