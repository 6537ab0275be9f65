import { isFields } from '../../http/json.ts';

/** The part of a template that fills gaps, up to its `else`. */
const infillBranch = /\{\{-?\s*if\s+\.Suffix\s*-?\}\}[^]*?\{\{-?\s*else\b/g;

/**
 * Whether a model's template, from `/api/show`, formats the turns of a conversation. A template that is the
 * bare prompt belongs to a model that only continues text.
 * @returns `undefined` when the server does not report a template
 */
export function hasChatTemplate(shown: unknown): boolean | undefined {
  const { template, modelfile, renderer } = isFields(shown) ? shown : {};
  if (typeof renderer === 'string' && renderer !== '') return true;
  // Newer servers render the turns of some models without a template.
  if (typeof modelfile === 'string' && /^RENDERER\s+\S/m.test(modelfile)) return true;
  if (typeof template !== 'string' || template.trim() === '') return undefined;
  if (/\.(?:Messages|Role)\b/.test(template)) return true;
  const others = template.replaceAll(infillBranch, '{{ else').replaceAll(/\{\{[^]*?\}\}/g, '');
  return others.trim() !== '';
}
