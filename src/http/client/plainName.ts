import { OllamaSettingsError } from '../errors.ts';
import { localizable } from '../message.ts';

const plainName = /^[\w./:-]+$/;

/**
 * Letters, digits and punctuation of any language, and blanks inside: what file names and gateways use. Not among them
 * are control and invisible characters, `$` (icons of VS Code), `<`, `>`, `|` and the backtick (Markdown and HTML), `"`,
 * `*` and `?`, which no file name of Windows has, and `](`, which makes a link.
 */
const modelName =
  /^(?! )(?:(?!\p{Default_Ignorable_Code_Point}|\]\(|["*?])[\p{L}\p{M}\p{N}\p{P}+=~ ]){1,512}(?<! )$/u;

/**
 * Whether a name contains only `A-Z a-z 0-9 . _ / : -`, as Ollama's names do. Programs treat other characters
 * differently: Go trims U+0085 and JavaScript does not, so a name that ends in it means another model to Ollama.
 */
export function isPlainModelName(name: string): boolean {
  return plainName.test(name);
}

/** Whether a name may be one of any server's models, such as `/models/My Model.gguf` or `qwen2.5-coder@q4_k_m`. */
export function isModelName(name: string): boolean {
  return modelName.test(name);
}

/** The message for a name that is not plain. */
const unusableName = localizable(
  'must be the name of a model: letters without accents, digits and the characters . _ / : - only',
);

/** The message for a name that no server has. */
const noModelName = localizable(
  'must be the name of a model, of at most 512 characters: letters, digits, punctuation except " * ?, and blanks inside',
);

/** @throws OllamaSettingsError for a name that is not plain */
export function assertPlain(model: string): void {
  if (!isPlainModelName(model)) throw new OllamaSettingsError('model', unusableName);
}

/** @throws OllamaSettingsError for a name that no server has */
export function assertModelName(model: string): void {
  if (!isModelName(model)) throw new OllamaSettingsError('model', noModelName);
}
