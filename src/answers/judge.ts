import { knowsDeclarations, type Surroundings } from '../code/declarations.ts';
import { applied } from '../code/reanchor.ts';
import { effectOf, isMember, outlined, type Effect, type Entry, type Outlined } from './judgeEntries.ts';
import { judgeComponent } from './judgeComponent.ts';
import { shapeOf } from './judgeShape.ts';
import {
  areRelated,
  isBeginning,
  isIncomplete,
  isPatch,
  lostLines,
  shareAmong,
  wordyLines,
} from './judgeText.ts';
import { toLineFeeds } from './lineFeeds.ts';
import { findCode, fitCode, isElided, type CodeAnswer } from './codeAnswer.ts';
import type { JudgedCode, JudgedPlace, Judgment, Placement, Refusal } from './judgeTypes.ts';

/** The change that an answer makes and its effect, or the reason not to propose it. */
export function judgeAnswer(answer: Parameters<typeof findCode>[0], place: JudgedPlace): Judgment {
  const { languageId, path, replaced, fileText } = place;
  const found: CodeAnswer = findCode(answer, { languageId, path, code: replaced, fileText });
  if ('unusable' in found) return found;
  if (isElided(found.code, fileText, languageId)) return { unusable: 'elided' };
  const judgment = judgeCode({ code: found.code, tag: found.tag ?? '' }, place);
  return 'unusable' in judgment || !found.characters
    ? judgment
    : { ...judgment, characters: found.characters };
}

/** Compares the code of an answer with what it replaces, so that no declaration is lost unnoticed. */
export function judgeCode(given: JudgedCode, place: JudgedPlace): Judgment {
  const { text, offset, original } = toLineFeeds(place.fileText);
  const plain: JudgedPlace = {
    ...place,
    fileText: text,
    replaced: place.replaced.replaceAll('\r\n', '\n'),
    start: offset(place.start),
    end: offset(place.end),
    eol: '\n',
  };
  const judgment = judgePlain({ ...given, code: given.code.replaceAll('\r\n', '\n') }, plain);
  if ('unusable' in judgment) return judgment;
  const changes = judgment.changes.map(({ start, end, text: now }) => ({
    start: original(start),
    end: original(end),
    text: now.replaceAll('\n', place.eol),
  }));
  return { ...judgment, changes };
}

function judgePlain({ code, tag }: JudgedCode, place: JudgedPlace): Judgment {
  if (fitCode(code, place) === place.replaced) return { unusable: 'unchanged' };
  if (isPatch(code, place.replaced)) return { unusable: 'patch' };
  const isMarkup = /^(?:vue|svelte|html|astro)$/.test(place.languageId);
  const placed = (isMarkup && judgeComponent({ code, tag }, place, judgePlain)) || placementOf(code, place);
  if ('unusable' in placed) return placed;
  return verdictOn(placed, place);
}

function placementOf(code: string, place: JudgedPlace): Placement {
  const { languageId } = place;
  const file = outlined(place.fileText, languageId);
  const around = aroundPlace(file, place);
  const replaced = outlined(place.replaced, languageId, surroundingsOf(around));
  const inside = file.entries.filter(
    ({ symbol }) =>
      symbol.headStart >= place.start + leading(place.replaced) &&
      symbol.end <= place.end &&
      symbol.end > place.start,
  );
  const answer = bestReading(code, languageId, around, file);
  if (isIncomplete(answer, replaced, languageId)) return { unusable: 'incomplete' };
  if (isBeginning(code, place.replaced)) return { unusable: 'incomplete' };
  if (!knowsDeclarations(languageId) || !file.isReliable)
    return unknownPlacement(code, place, inside, answer);
  return shapeOf({ code, place, file, answer, inside, around });
}

function leading(text: string): number {
  return text.length - text.trimStart().length;
}

function aroundPlace({ entries }: Outlined, { start, end, replaced }: JudgedPlace): Entry[] {
  const from = start + leading(replaced);
  return entries.filter(
    ({ symbol }) =>
      symbol.headStart < from && end <= symbol.end && (symbol.body?.start ?? symbol.end) <= from,
  );
}

function surroundingsOf(around: readonly Entry[]): Surroundings {
  const inner = around.at(-1)?.symbol;
  if (!inner) return { context: 'file', owner: '' };
  const context = inner.kind === 'type' ? 'type' : inner.kind === 'function' ? 'body' : 'object';
  return { context: inner.name.startsWith('namespace ') ? 'file' : context, owner: inner.name };
}

/**
 * Reads the answer both as what it replaces and as a file, and uses the reading with more names of the file.
 */
function bestReading(code: string, languageId: string, around: Entry[], file: Outlined): Outlined {
  const keys = new Set(file.entries.map(({ key }) => key));
  const names = new Set(file.entries.map(({ symbol }) => symbol.name));
  const score = ({ entries }: Outlined): number =>
    entries.filter(({ key, symbol }) => keys.has(key) || names.has(symbol.name)).length;
  const readings = [
    outlined(code, languageId, surroundingsOf(around)),
    outlined(code, languageId),
    outlined(code, languageId, { context: 'type', owner: '' }),
  ];
  const best = highest(readings, score);
  if (score(best) > 0) return best;
  const types = file.entries.filter(({ symbol }) => symbol.kind === 'type' && symbol.body);
  const owners = [...new Set(types.map(({ symbol }) => symbol.name))].slice(0, mostOwners);
  const made = owners.map((owner) => outlined(code, languageId, { context: 'type', owner }));
  return highest([best, ...made], score);
}

/** The constructor has the name of its type: at most this many types are tried. */
const mostOwners = 20;

function highest(readings: Outlined[], score: (reading: Outlined) => number): Outlined {
  return readings.reduce((best, one) => (score(one) > score(best) ? one : best));
}

/** Without an outline, the lines decide: most of the old ones must be there. */
function unknownPlacement(code: string, place: JudgedPlace, inside: Entry[], answer: Outlined): Placement {
  const [lines, old] = [wordyLines(code), wordyLines(place.replaced)];
  const isKept = old.length < 4 || shareAmong(old, lines) >= 0.5;
  const names = new Set(answer.entries.map(({ key }) => key));
  const keepsNames =
    inside.length > 0 && inside.every(({ key }) => names.has(key)) && lines.length >= old.length * 0.6;
  if (!areRelated(code, place.replaced)) return { unusable: 'other' };
  return isKept || keepsNames
    ? { changes: [{ start: place.start, end: place.end, text: fitCode(code, place) }] }
    : { unusable: 'part' };
}

function verdictOn(
  { changes, isRestricted = false, isPart = false }: Exclude<Placement, { unusable: Refusal }>,
  place: JudgedPlace,
): Judgment {
  const { fileText, languageId } = place;
  const real = changes.filter(({ start, end, text }) => fileText.slice(start, end) !== text);
  if (real.length === 0) return { unusable: 'unchanged' };
  const text = applied(fileText, real);
  const [before, after] = [outlined(fileText, languageId), outlined(text, languageId)];
  const { removes, adds, duplicates }: Effect = effectOf(before, after, languageId);
  const steps = new Set(before.entries.filter((entry) => !isMember(entry)).map(({ key }) => key));
  if (isPart && removes.some((key) => !steps.has(key))) return { unusable: 'part' };
  if (duplicates.length > 0) return { unusable: 'twice', names: duplicates };
  if (before.code.isBalanced && !after.code.isBalanced) return { unusable: 'incomplete' };
  const [start, end] = [
    Math.min(...real.map((change) => change.start)),
    Math.max(...real.map((change) => change.end)),
  ];
  const now = text.slice(start, end + text.length - fileText.length);
  return { changes: real, removes, adds, lines: lostLines(now, fileText.slice(start, end)), isRestricted };
}
