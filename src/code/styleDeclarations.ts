import type { BraceRules, Head } from './declarationsInBraces.ts';
import type { MaskedCode } from './declarationTypes.ts';

/** CSS, SCSS and Less: a rule is named by its selector. */
export const styleRules: BraceRules = { newlines: false, head: styleHead };

/** JSON: the keys of objects, three levels deep. */
export const jsonRules: BraceRules = {
  newlines: false,
  head: (code, at, context) => (context === 'object' ? keyHead(code, at) : rootHead(code, at)),
};

function styleHead({ masked, text }: MaskedCode, at: number): Head | undefined {
  const [head = '', next = ''] = /^[^{};]*([{;}]?)/.exec(masked.slice(at)) ?? [];
  const raw = text
    .slice(at, at + head.length - next.length)
    .trim()
    .replaceAll(/\s+/g, ' ');
  if (raw === '') return undefined;
  if (/^@(?:media|supports|layer|container|scope)\b/.test(raw) && next === '{')
    return { names: [raw], kind: 'part', opens: 'file', isOpen: true };
  if (/^@(?:import|use|forward|charset|namespace)\b/.test(raw))
    return { names: [raw], kind: 'import', isStatement: true, isOpen: true };
  const variable = /^([$@][\w-]+)\s*:/.exec(raw)?.[1];
  if (variable && next !== '{') return { names: [variable], kind: 'value', isStatement: true, isOpen: true };
  return next === '{' ? { names: [raw], kind: 'part', isOpen: true } : undefined;
}

function rootHead({ masked }: MaskedCode, at: number): Head | undefined {
  return masked[at] === '{' ? { names: [], kind: 'part', opens: 'object', isTransparent: true } : undefined;
}

function keyHead({ masked, text }: MaskedCode, at: number): Head | undefined {
  const found = /^"[ ]*"?\s*:\s*(\{?)/.exec(masked.slice(at));
  const name = /^"((?:\\.|[^"\\])*)"/.exec(text.slice(at))?.[1];
  if (!found || name === undefined) return undefined;
  return {
    names: [name],
    kind: 'value',
    isStatement: true,
    ...(found[1] ? { opens: 'object' as const } : {}),
  };
}
