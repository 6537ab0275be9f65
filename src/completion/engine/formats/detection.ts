import * as families from './families.ts';
import type { InfillFamily, InfillFormat } from './family.ts';
import { familyOfModelInfo } from './modelInfo.ts';

export interface InfillModel {
  /** With registry, namespace and tag, as in the server's list. */
  name: string;
  /** `details.family`. */
  family?: string;
  /** Empty when the server does not report them. */
  capabilities: readonly string[];
  /** `model_info` of `/api/show`, requested with `verbose` for the texts of the tokens. */
  modelInfo?: Readonly<Record<string, unknown>>;
}

/** By parts of the model's name or architecture. The first match counts. */
const rows: [RegExp, InfillFamily][] = [
  [/qwen-?(?:2[.-]?5(?:\.\d)?|3)-?coder/, families.qwenCoder],
  [/star-?coder-?2/, families.starcoder2],
  [/star-?coder/, families.starcoder],
  [/stable-?code/, families.stableCode],
  [/granite.*code/, families.graniteCode],
  [/granite-?(?:4|hybrid)/, families.granite4],
  [/code-?gemma/, families.codeGemma],
  [/deep-?seek-?coder/, families.deepseekCoder],
  [/codestral/, families.codestral],
  [/mellum(?!-?2)/, families.mellum],
  [/mellum-?2.*base/, families.mellum],
  [/seed-?coder/, families.seedCoder],
];

/**
 * Models with sliding windows or recurrent layers reuse their cache only from checkpoints, so each key press
 * costs as much as the whole prompt. CodeGemma is based on the first Gemma, which has neither.
 */
const unfitName =
  /(?<!code-?)gemma|qwen-?3-?next|qwen-?3-?coder-?next|qwen-?3\.?5|gpt-?oss|mamba|jamba|lfm-?2|falcon-?h1|nemotron-?h|rwkv/;
const unfitArchitecture =
  /^(?:gemma-?[2-9]|gpt-?oss|qwen-?3-?next|qwen-?35|.*mamba|jamba|lfm-?2|falcon-?h1|nemotron-?h|rwkv)/;
/** Trained for reasoning or chat, and unable to infill. */
const unfitVariant = /seed-?coder.*reason/;

/**
 * Whether a key press costs only the changed part of the prompt; false for models that read the whole prompt
 * again.
 */
export function reusesCache({ name, family = '' }: InfillModel): boolean {
  return !unfitName.test(titleOf(name)) && !unfitArchitecture.test(normalized(family));
}

/**
 * The format for a server that fills gaps by a request of its own: it knows the model's tokens. Undefined when
 * each key would cost the whole prompt.
 */
export function serverFormatFor(model: InfillModel): InfillFormat | undefined {
  return reusesCache(model) ? formatOf(familyOf(titleOf(model.name)), 'infill') : undefined;
}

/** The infill format of a model; undefined when it cannot infill or the format is unknown. */
export function infillFormatFor(model: InfillModel): InfillFormat | undefined {
  const { name, family = '', capabilities, modelInfo } = model;
  const [title, architecture] = [titleOf(name), normalized(family)];
  if (!reusesCache(model)) return undefined;
  const known = familyOf(title) ?? familyOf(architecture);
  if (capabilities.includes('insert')) return formatOf(known ?? soleFamily(architecture), 'suffix');
  if (capabilities.length > 0 && !capabilities.includes('completion')) return undefined;
  const raw = known ?? (modelInfo && familyOfModelInfo(modelInfo));
  return raw && formatOf(raw, 'raw');
}

/**
 * The same model with the suffix first and without the server's template; undefined when it was not trained
 * for that.
 */
export function suffixFirst(format: InfillFormat): InfillFormat | undefined {
  if (format.order === 'suffix-first') return format;
  const family = format.family && families.suffixFirstFamily(format.family);
  return family && formatOf(family, 'raw');
}

function formatOf(family: InfillFamily | undefined, via: InfillFormat['via']): InfillFormat {
  return {
    family,
    via,
    // The server decides it, and starts with the prefix unless it is told otherwise.
    order: (via === 'infill' ? undefined : family?.order) ?? 'prefix-first',
    stop: family?.stop ?? families.allTokens,
    tokens: family?.tokens ?? families.allTokens,
    ...(family?.repeatPenalty === undefined ? {} : { repeatPenalty: family.repeatPenalty }),
  };
}

/** Lower case with one kind of separator. The tag stays, because it names variants. */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_]+/g, '-');
}

/** Without the registry and the namespace, which may be named for another model, and without folders. */
function titleOf(name: string): string {
  return normalized(name).replace(/^.*[/\\]/, '');
}

function familyOf(name: string): InfillFamily | undefined {
  if (/code-?llama/.test(name)) return isInfillingCodeLlama(name) ? families.codeLlama : undefined;
  return unfitVariant.test(name) ? undefined : rows.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Only the small ones were trained to infill, except those for Python. In Ollama's own library, a tag without
 * `code` is the chat model; elsewhere the size is part of the name, and the base model has no such word.
 */
function isInfillingCodeLlama(name: string): boolean {
  const [repository = '', tag = ''] = name.slice(name.search(/code-?llama/)).split(':');
  const size = /(?<![\d.])(?:7|13)b(?![a-z\d])/;
  const isSmall = size.test(tag) || !/\db(?![a-z\d])/.test(tag);
  const isBase = size.test(repository) || (isSmall && /(?<![a-z])code(?![a-z])/.test(tag));
  return isBase && !/python|instruct|(?:34|70)b/.test(`${repository}-${tag}`);
}

/** If the name shows nothing: an architecture that only one family uses. */
function soleFamily(architecture: string): InfillFamily | undefined {
  return architecture === 'gemma' ? families.codeGemma : undefined;
}
