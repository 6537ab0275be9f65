import { isFields } from '../../http/json.ts';
import type { ModelSummary } from '../../http/client/models.ts';

/** Why a model cannot answer questions: it makes vectors, or it only goes on with a text. */
export type Unfitness = 'embedding' | 'base';

/** Abilities that only models for conversations have. */
const ofConversations = ['tools', 'thinking'];
const instructed = /^(?:instruct\w*|it|chat|assistant|sft|dpo|rlhf)$/;
const untrained = /^(?:base|text|foundation|pretrain(?:ed)?|pt|fim|completion)$/;
/** Models whose tags are all base models, except those that say `instruct`. */
const baseFamilies =
  /^(?:starcoder\d*|starcoderbase|starcoderplus|santacoder|stable-?code|codegen\d*|incoder|replit-code\S*|refact|polycoder|gpt-?neo\w*|gpt-?j|gpt2|pythia|opt|bloom|mellum)$/;
const embeddingNames =
  /(?:^|[-_])(?:embed(?:ding|dings|der)?|minilm|bge|gte|e5|paraphrase|reranker?)(?:$|[-_\d])|-embed/;
const embeddingFamilies = /^(?:nomic-)?bert|^(?:xlm-)?roberta|embed/i;

/**
 * Why a model cannot answer questions, as far as the server's list tells: by its capabilities, else by its name. A base
 * model counts as one that completes, so that only its name tells it apart.
 * @returns `undefined` for a model that can, or may
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
  // Some base models come with the template of their trained sibling, and so with its capabilities.
  if (words.slice(1).some((word) => untrained.test(word))) return true;
  // In the name of a model, "code" is what it is for; in a tag, it is the variant that only completes.
  return !converses && (ofTag.includes('code') || baseFamilies.test(model));
}

/** `registry/namespace/model:tag` in its last two parts, in lower case. */
function partsOf(name: string): { model: string; tag: string } {
  const last = name.toLowerCase().slice(name.lastIndexOf('/') + 1);
  const [model = '', tag = ''] = last.split(':');
  return { model, tag };
}

/** Whether the list alone shows that a model is for conversations. */
export function isSurelyForChat({ capabilities }: Pick<ModelSummary, 'capabilities'>): boolean {
  return ofConversations.some((one) => capabilities.includes(one));
}

/** The part of a template that is for filling gaps, up to what it does otherwise. */
const infillBranch = /\{\{-?\s*if\s+\.Suffix\s*-?\}\}[^]*?\{\{-?\s*else\b/g;

/**
 * Whether a model's template, as `/api/show` tells it, gives the turns of a conversation any form of their own. One that
 * is the bare prompt belongs to a model that only goes on with a text.
 * @returns `undefined` when the server does not say
 */
export function hasChatTemplate(shown: unknown): boolean | undefined {
  const { template, modelfile, renderer } = isFields(shown) ? shown : {};
  if (typeof renderer === 'string' && renderer !== '') return true;
  // Newer servers write the turns of some models without a template.
  if (typeof modelfile === 'string' && /^RENDERER\s+\S/m.test(modelfile)) return true;
  if (typeof template !== 'string' || template.trim() === '') return undefined;
  if (/\.(?:Messages|Role)\b/.test(template)) return true;
  const others = template.replaceAll(infillBranch, '{{ else').replaceAll(/\{\{[^]*?\}\}/g, '');
  return others.trim() !== '';
}
