import { cleanCharacters, type CharacterChanges } from '../text/invisibleChars.ts';
import { withoutEntities } from './entities.ts';
import { withoutLineNumbers } from './lineNumbers.ts';
import { withoutEndTokens } from './markPatterns.ts';

/** Where the code of an answer will be placed. */
export interface CodeContext {
  /** The user's code that it was made from. */
  known: string;
  /** VS Code's language id. */
  languageId: string;
}

/** Removes from code what a model adds and what does not belong into a file. */
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
