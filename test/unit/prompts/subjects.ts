/** Shared by the tests of prompts: subjects and budgets. */
import { linesOf } from '../../../src/text/markdown.ts';
import type { Subject } from '../../../src/code/subject.ts';

export const budget = { numCtx: 16_384, numPredict: 4_096, charsPerToken: 3 };

export function fileOf(fileText: string, path = 'src/a.ts'): Subject {
  const lastLine = linesOf(fileText).length;
  return {
    kind: 'file',
    name: 'a.ts',
    path,
    languageId: 'typescript',
    firstLine: 1,
    lastLine,
    code: fileText,
    fileText,
  };
}

export function symbolIn(fileText: string, firstLine: number, lastLine: number, name = 'run'): Subject {
  const code = linesOf(fileText)
    .slice(firstLine - 1, lastLine)
    .join('\n');
  return { ...fileOf(fileText), kind: 'symbol', symbolKind: 'function', name, firstLine, lastLine, code };
}

export function numbered(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `const line${index + 1} = compute(${index + 1});\n`,
  ).join('');
}
