/**
 * The code of an answer that has exactly one code block, without its fences; `undefined` where it has none or
 * several, or where the block was cut off before its end.
 */
export function codeIn(answer: string): string | undefined {
  const blocks: string[] = [];
  let fence = '';
  let indent = 0;
  let code: string[] = [];
  for (const line of answer.split(/\r?\n/)) {
    const [, blank = '', mark = '', info = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence && mark.startsWith(fence) && !info.trim()) {
      blocks.push(code.join('\n'));
      fence = '';
    } else if (fence) {
      code.push(line.replace(new RegExp(`^\\s{0,${indent}}`), ''));
    } else if (mark && !(mark.startsWith('`') && info.includes('`'))) {
      [fence, indent, code] = [mark, blank.length, []];
    }
  }
  return blocks.length === 1 && !fence ? blocks[0] : undefined;
}
