import type { ModelSummary } from './models.ts';

/** Why a model cannot answer questions: it computes embeddings, or it only continues text. */
export type Unfitness = 'embedding' | 'base';

/** Capabilities that only chat models have. */
const ofConversations = ['tools', 'thinking'];
const instructed = /^(?:instruct\w*|it|chat|assistant|sft|dpo|rlhf)$/;
const untrained = /^(?:base|text|foundation|pretrain(?:ed)?|pt|fim|completion)$/;
/** Model families whose tags are all base models, except tags that contain `instruct`. */
const baseFamilies =
  /^(?:starcoder\d*|starcoderbase|starcoderplus|santacoder|stable-?code|codegen\d*|incoder|replit-code\S*|refact|polycoder|gpt-?neo\w*|gpt-?j|gpt2|pythia|opt|bloom|mellum)$/;
const embeddingNames =
  /(?:^|[-_])(?:embed(?:ding|dings|der)?|minilm|bge|gte|e5|paraphrase|reranker?)(?:$|[-_\d])|-embed/;
const embeddingFamilies = /^(?:nomic-)?bert|^(?:xlm-)?roberta|embed/i;

/**
 * Why a model cannot answer questions, as far as the server's list shows: by its capabilities, else by its
 * name. Base models have the capability "completion" too, so only their names identify them.
 * @returns `undefined` for a model that can answer, or may be able to
 */
export function unfitnessOf({ name, family, capabilities }: ModelSummary): Unfitness | undefined {
  if (capabilities.length > 0 && !capabilities.includes('completion')) return 'embedding';
  const { model, tag } = partsOf(name);
  if (capabilities.length === 0 && (embeddingNames.test(model) || embeddingFamilies.test(family)))
    return 'embedding';
  return isBase(model, tag, isSurelyForChat({ capabilities })) ? 'base' : undefined;
}

function isBase(model: string, tag: string, converses: boolean): boolean {
  const ofTag = tag.split(/[-_.]/);
  const words = [...model.split(/[-_.]/), ...ofTag];
  if (words.some((word) => instructed.test(word))) return false;
  // Some base models have the template of their instruct variant, and so its capabilities.
  if (words.slice(1).some((word) => untrained.test(word))) return true;
  // "code" in a model's name is its purpose; in a tag, it is the variant that only completes.
  return !converses && (ofTag.includes('code') || baseFamilies.test(model));
}

/**
 * The last two parts of `registry/namespace/model:tag`, in lower case. Other servers write `model@variant`, or the path of
 * a file, perhaps with blanks.
 */
function partsOf(name: string): { model: string; tag: string } {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const bare = last.toLowerCase().replace(/\.gguf$/, '');
  const [model = '', tag = ''] = bare.replaceAll(' ', '-').split(/[:@]/);
  return { model, tag };
}

/** Whether the list alone shows that a model is a chat model. */
export function isSurelyForChat({ capabilities }: Pick<ModelSummary, 'capabilities'>): boolean {
  return ofConversations.some((one) => capabilities.includes(one));
}
