import { codeOf } from './docCommentPosition.ts';
import { docStyleOf } from './docCommentStyles.ts';

/** Whether two texts differ only in comments, strings and white space. */
export function isSameCode(one: string, other: string, languageId: string): boolean {
  const style = docStyleOf(languageId);
  if (!style) return one === other;
  const [first, second] = [one, other].map((text) =>
    codeOf(text.split(/\r\n|\n|\r/), languageId, style)
      .join('\n')
      .replaceAll(/["\s]/g, ''),
  );
  return first === second;
}
