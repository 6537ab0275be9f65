import * as families from './families.ts';
import type { InfillFamily, InfillFormat } from './family.ts';
import { familyOfModelInfo } from './modelInfo.ts';

export interface InfillModel {
  /** With registry, namespace and tag, as the server lists it. */
  name: string;
  /** `details.family`. */
  family?: string;
  /** Empty where an old server does not tell. */
  capabilities: readonly string[];
  /** `model_info` of `/api/show`, asked with `verbose` for the texts of the tokens. */
  modelInfo?: Readonly<Record<string, unknown>>;
}

/** By parts of a model's name or of its architecture's; the first row that fits counts. */
const rows: [RegExp, InfillFamily][] = [
  [/qwen-?(?:2\.?5(?:\.\d)?|3)-?coder/, families.qwenCoder],
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
 * Sliding windows and recurrent layers: what has been read is only reusable from checkpoints, so that a key costs
 * as much as the whole prompt. CodeGemma is a Gemma of the first generation, which has neither.
 */
const unfitName =
  /(?<!code-?)gemma|qwen-?3-?next|qwen-?3-?coder-?next|qwen-?3\.?5|gpt-?oss|mamba|jamba|lfm-?2|falcon-?h1|nemotron-?h|rwkv/;
const unfitArchitecture =
  /^(?:gemma-?[2-9]|gpt-?oss|qwen-?3-?next|qwen-?35|.*mamba|jamba|lfm-?2|falcon-?h1|nemotron-?h|rwkv)/;
/** Trained to reason or to talk, and no longer to fill in. */
const unfitVariant = /seed-?coder.*reason/;

/** Whether a key costs only what has changed; false for models that would read the whole prompt again. */
export function reusesCache({ name, family = '' }: InfillModel): boolean {
  return !unfitName.test(normalized(name)) && !unfitArchitecture.test(normalized(family));
}

/** How the model is asked to fill in; undefined where it cannot, or where it is not known how. */
export function infillFormatFor(model: InfillModel): InfillFormat | undefined {
  const { name, family = '', capabilities, modelInfo } = model;
  const [title, architecture] = [normalized(name), normalized(family)];
  if (!reusesCache(model)) return undefined;
  const known = familyOf(title) ?? familyOf(architecture);
  if (capabilities.includes('insert')) return formatOf(known ?? soleFamily(architecture), 'suffix');
  if (capabilities.length > 0 && !capabilities.includes('completion')) return undefined;
  const raw = known ?? (modelInfo && familyOfModelInfo(modelInfo));
  return raw && formatOf(raw, 'raw');
}

/** The same model asked with the suffix first, past the server's template; undefined where it was not trained so. */
export function suffixFirst(format: InfillFormat): InfillFormat | undefined {
  if (format.order === 'suffix-first') return format;
  const family = format.family && families.suffixFirstFamily(format.family);
  return family && formatOf(family, 'raw');
}

function formatOf(family: InfillFamily | undefined, via: InfillFormat['via']): InfillFormat {
  return {
    family,
    via,
    order: family?.order ?? 'prefix-first',
    stop: family?.stop ?? families.allTokens,
    tokens: family?.tokens ?? families.allTokens,
    ...(family?.repeatPenalty === undefined ? {} : { repeatPenalty: family.repeatPenalty }),
  };
}

/** Lower case, one kind of separator; the tag stays, because it names variants. */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_]+/g, '-');
}

function familyOf(name: string): InfillFamily | undefined {
  if (/code-?llama/.test(name)) return isInfillingCodeLlama(name) ? families.codeLlama : undefined;
  return unfitVariant.test(name) ? undefined : rows.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Only the small ones were trained to fill in, and of these not the ones for Python. In Ollama's own library a tag
 * without `code` is the model for chat; elsewhere the size belongs to the name and the base model has no word.
 */
function isInfillingCodeLlama(name: string): boolean {
  const [repository = '', tag = ''] = name.slice(name.search(/code-?llama/)).split(':');
  const size = /(?<![\d.])(?:7|13)b(?![a-z\d])/;
  const isBase = size.test(repository) || (size.test(tag) && /(?<![a-z])code(?![a-z])/.test(tag));
  return isBase && !/python|instruct|(?:34|70)b/.test(`${repository}-${tag}`);
}

/** Where the name says nothing, an architecture that only one family of models has. */
function soleFamily(architecture: string): InfillFamily | undefined {
  return architecture === 'gemma' ? families.codeGemma : undefined;
}
