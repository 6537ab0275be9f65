// The comments and test names of the sources, for checking their words.
import { javascript } from '../../src/code/lexers.ts';
import { maskColumns } from '../../src/code/maskCode.ts';

/** The comments of a TypeScript source. Consecutive lines form one text. */
export function commentsIn(source: string): string[] {
  const text = source.replace(/^#!.*/, '');
  const masked = maskColumns(text, javascript);
  const comments = text.replaceAll(/[^\n ]/g, (character, index: number) =>
    masked[index] === ' ' ? character : '\0',
  );
  return comments
    .split(/\0+/)
    .map((comment) => comment.replaceAll(/\s*\n\s*(?:\*|\/\/)? ?/g, ' ').trim())
    .filter((comment) => /\w/.test(comment));
}

/** The names of the tests and suites in a source, as they are written. */
export function testNamesIn(source: string): string[] {
  return [...source.matchAll(/\b(?:test|it|describe)(?:\.\w+)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)].map(
    ([, , name]) => name!,
  );
}
