import { cleanCharacters, type CharacterChanges } from '../text/invisibleChars.ts';
import { withoutEntities } from './entities.ts';
import { withoutLineNumbers } from './lineNumbers.ts';
import { withoutEndTokens } from './markPatterns.ts';

/** Where code of an answer goes. */
export interface CodeContext {
  /** The user's code that it is made from. */
  known: string;
  /** VS Code's language id. */
  languageId: string;
}

/** Code as it goes into a file: without what a model adds that is none of the code. */
export function cleanCode(
  code: string,
  { known, languageId }: CodeContext,
): { code: string; characters: CharacterChanges } {
  const plain = withoutEntities(
    withoutLineNumbers(withoutEndTokens(code, known), known, languageId),
    known,
    languageId,
  );
  const { text, removed, replaced } = cleanCharacters(plain, known);
  return { code: text, characters: { removed, replaced } };
}
