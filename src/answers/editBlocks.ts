/** The three marks of a merge conflict, and of a search and replace block. */
const begin = /^<{5,9}(?: |$)/;
const middle = /^={5,9}\s*$/;
const end = /^>{5,9}(?: |$)/;
/** Some models name the file above such a block. */
const isSearch = /^<{5,9} ?(?:SEARCH|ORIGINAL|OLD)\b/i;

interface EditBlock {
  search: string[];
  replace: string[];
}

/** Whether a text has the marks of a merge conflict in their order. */
export function hasConflictMarks(text: string): boolean {
  let next = 0;
  const order = [begin, middle, end];
  for (const line of text.split('\n')) {
    if (order[next]!.test(line.trimEnd())) next++;
    if (next === order.length) return true;
  }
  return false;
}

/** Whether an answer contains search and replace blocks. */
export function hasEditBlocks(answer: string): boolean {
  return answer.split('\n').some((line) => isSearch.test(line)) && hasConflictMarks(answer);
}

/**
 * Applies an answer's search and replace blocks in order. Undefined when one has no end, or when its search
 * text does not occur exactly once.
 */
export function applyEditBlocks(answer: string, code: string): string | undefined {
  const blocks = readBlocks(answer);
  let lines: string[] | undefined = code.replaceAll(/\r\n?/g, '\n').split('\n');
  for (const block of blocks ?? []) lines &&= applyBlock(block, lines);
  return blocks ? lines?.join('\n') : undefined;
}

function readBlocks(answer: string): EditBlock[] | undefined {
  const blocks: EditBlock[] = [];
  let part: 'outside' | 'search' | 'replace' = 'outside';
  for (const line of answer.split('\n')) {
    if (part === 'outside') {
      if (!begin.test(line)) continue;
      blocks.push({ search: [], replace: [] });
      part = 'search';
    } else if (part === 'search' && middle.test(line)) part = 'replace';
    else if (part === 'replace' && end.test(line)) part = 'outside';
    else blocks.at(-1)![part].push(line);
  }
  return part === 'outside' ? blocks : undefined;
}

function applyBlock({ search, replace }: EditBlock, lines: string[]): string[] | undefined {
  if (search.every((line) => line.trim() === '')) return undefined;
  for (const same of [(line: string) => line, (line: string) => line.trimEnd()]) {
    const found = occurrencesOf(search.map(same), lines.map(same));
    if (found.length === 1) return lines.toSpliced(found[0]!, search.length, ...replace);
    if (found.length > 1) return undefined;
  }
  return undefined;
}

/** The positions of some lines among others: at most two, found in linear time. */
function occurrencesOf(search: string[], lines: string[]): number[] {
  const text = `\n${lines.join('\n')}\n`;
  const wanted = `\n${search.join('\n')}\n`;
  const first = text.indexOf(wanted);
  if (first < 0) return [];
  const second = text.indexOf(wanted, first + 1);
  const lineAt = (at: number): number => text.slice(0, at).split('\n').length - 1;
  return second < 0 ? [lineAt(first)] : [lineAt(first), lineAt(second)];
}
