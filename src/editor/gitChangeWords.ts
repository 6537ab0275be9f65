import type { ChangedFile } from '../prompts/commitMessage.ts';
import type { RawChange } from '../text/gitDiff.ts';

interface DecodedChange extends RawChange {
  lines: readonly string[];
  isBinary: boolean;
  isMissing: boolean;
}

const submodule = '160000';
const symbolicLink = '120000';
const program = '100755';
const plain = '100644';

/** Describes a changed file for the model: its text, and in words what a diff says with modes and numbers. */
export function describeChange(change: DecodedChange): ChangedFile {
  const { path, oldMode, newMode, oldId, newId, isBinary, isMissing } = change;
  const modes = [oldMode, newMode];
  const isSubmodule = modes.includes(submodule);
  const onlyEnds = differsInLineEndsOnly(change.lines);
  const what = [
    ...kindOf(change),
    ...modeWords(oldMode, newMode),
    ...(isSubmodule ? [`submodule${idsOf(oldId, newId)}`] : []),
    ...(isBinary ? ['binary'] : []),
    ...(onlyEnds ? ['only line endings changed'] : []),
  ];
  const lines =
    isSubmodule || isBinary || onlyEnds ? [] : change.lines.map((line) => line.replace(/\r$/, ''));
  return { path, what, lines, ...(isMissing ? { isPartial: true } : {}) };
}

function kindOf({ status, oldPath }: DecodedChange): string[] {
  switch (status) {
    case 'A':
      return ['new'];
    case 'D':
      return ['deleted'];
    case 'R':
      return [`renamed from ${oldPath}`];
    case 'C':
      return [`copied from ${oldPath}`];
    default:
      return [];
  }
}

function modeWords(oldMode: string, newMode: string): string[] {
  if (oldMode === plain && newMode === program) return ['made executable'];
  if (oldMode === program && newMode === plain) return ['no longer executable'];
  const [wasLink, isLink] = [oldMode === symbolicLink, newMode === symbolicLink];
  const wasThere = !/^0*$/.test(oldMode);
  const isThere = !/^0*$/.test(newMode);
  if (wasLink && !isLink && isThere) return ['symbolic link replaced by a file'];
  if (isLink && !wasLink && wasThere) return ['file replaced by a symbolic link'];
  return wasLink || isLink ? ['symbolic link'] : [];
}

function idsOf(oldId: string, newId: string): string {
  const [from, to] = [oldId, newId].map((id) => (/^0*$/.test(id) ? undefined : id.slice(0, 8)));
  if (from && to) return ` from ${from} to ${to}`;
  return to ? ` at ${to}` : '';
}

/** Such lines look identical, so they would tell the model nothing. */
function differsInLineEndsOnly(lines: readonly string[]): boolean {
  const side = (mark: string): string[] =>
    lines.filter((line) => line[0] === mark).map((line) => line.slice(1));
  const [removed, added] = [side('-'), side('+')];
  if (removed.length === 0 || removed.length !== added.length) return false;
  return removed.every((line, index) => {
    const other = added[index] ?? '';
    return line !== other && line.replace(/\r$/, '') === other.replace(/\r$/, '');
  });
}
