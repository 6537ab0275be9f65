import { languageOfPart, partsOf, type MarkupPart } from '../code/markupDeclarations.ts';
import type { TextChange } from '../code/reanchor.ts';
import type { JudgedCode, JudgedPlace, Judgment, Placement } from './judgeTypes.ts';

type Judge = (given: JudgedCode, place: JudgedPlace) => Judgment;

const scriptTags = /^(?:js|jsx|ts|tsx|mjs|cjs|javascript|typescript|javascriptreact|typescriptreact)$/;
const styleTags = /^(?:css|scss|sass|less|stylus|postcss)$/;

/**
 * Places one or more parts of a component between their tags. Undefined when the answer is the whole
 * component, or when only a piece of the file is replaced.
 */
export function judgeComponent(
  { code, tag }: JudgedCode,
  place: JudgedPlace,
  judge: Judge,
): Placement | undefined {
  const parts = partsOf(place.fileText, place.languageId);
  const around = parts.find(({ inner }) => inner.start <= place.start && place.end <= inner.end);
  if (around) return judgeInside(code, around, place, judge);
  const isFile = place.replaced.trim() === place.fileText.trim();
  if (!isFile || parts.length === 0) return undefined;
  const given = partsOf(code, place.languageId);
  if (given.length > 0)
    return given.length < parts.length || isBare(code, given)
      ? byTags(code, given, parts, place, judge)
      : undefined;
  const wanted = scriptTags.test(tag)
    ? 'script'
    : styleTags.test(tag)
      ? 'style'
      : /^\s*</.test(code)
        ? 'template'
        : undefined;
  const [one, ...others] = parts.filter((part) => part.tag === wanted);
  if (!one || others.length > 0)
    return place.languageId === 'vue' || wanted === 'script' || wanted === 'style'
      ? { unusable: 'part' }
      : undefined;
  return judgeInside(code, one, { ...place, start: one.inner.start, end: one.inner.end }, judge);
}

/** Whether an answer consists of parts only. */
function isBare(code: string, given: MarkupPart[]): boolean {
  let rest = code;
  for (const { start, end } of given.toReversed()) rest = rest.slice(0, start) + rest.slice(end);
  return rest.trim() === '';
}

function byTags(
  code: string,
  given: MarkupPart[],
  parts: MarkupPart[],
  place: JudgedPlace,
  judge: Judge,
): Placement | undefined {
  if (!isBare(code, given)) return undefined;
  if (given.length >= parts.length && place.languageId === 'vue') return undefined;
  const changes: TextChange[] = [];
  for (const part of given) {
    const same = parts.filter((old) => old.tag === part.tag);
    const exact = same.filter((old) => old.attributes === part.attributes);
    const [one, ...others] = exact.length > 0 ? exact : same;
    if (!one || others.length > 0) return { unusable: 'part' };
    const inner = code.slice(part.inner.start, part.inner.end);
    const placed = judgeInside(inner, one, { ...place, start: one.inner.start, end: one.inner.end }, judge);
    if ('unusable' in placed) return placed;
    changes.push(...placed.changes);
  }
  return { changes };
}

/** Judges the answer in the language of the part. The tags stay. */
function judgeInside(code: string, part: MarkupPart, place: JudgedPlace, judge: Judge): Placement {
  const languageId = languageOfPart(part);
  const { start, end } = part.inner;
  const fileText = place.fileText.slice(start, end);
  const [from, to] = [place.start - start, place.end - start];
  const inner = { ...place, languageId, fileText, replaced: fileText.slice(from, to), start: from, end: to };
  const lines = code.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  const judgment = judge({ code: lines, tag: '' }, inner);
  if ('changes' in judgment)
    return {
      ...judgment,
      changes: judgment.changes.map((change) => ({
        ...change,
        start: change.start + start,
        end: change.end + start,
      })),
    };
  return judgment.unusable === 'unchanged' ? { changes: [] } : { unusable: judgment.unusable };
}
