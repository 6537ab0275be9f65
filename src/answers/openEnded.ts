import { docStyleOf } from '../code/docCommentStyles.ts';
import { maskCode } from '../code/maskCode.ts';

/** Languages in which the lexer knows every multi-line comment and string. */
const wellKnown = new Set(
  (
    'typescript typescriptreact javascript javascriptreact java kotlin scala c cpp cuda-cpp objective-c ' +
    'objective-cpp python go rust swift dart csharp json'
  ).split(' '),
);
const probe = 'endOfCodeProbe';

/**
 * Whether code ends inside a string or a comment, so that it is incomplete. Undefined when the language is
 * not known well enough to exclude it.
 */
export function isOpenEnded(code: string, languageId: string): boolean | undefined {
  const style = docStyleOf(languageId === 'json' ? 'javascript' : languageId);
  if (!style) return undefined;
  const isOpen = !maskCode(`${code}\n${probe}`, style.lexer).endsWith(probe);
  return isOpen || wellKnown.has(languageId) ? isOpen : undefined;
}
