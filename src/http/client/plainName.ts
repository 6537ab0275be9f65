import { localizable } from '../message.ts';

const plainName = /^[\w./:-]+$/;

/**
 * Whether a name consists of `A-Z a-z 0-9 . _ / : -` alone. Every other character is read differently by different
 * programs: Go trims U+0085 and JavaScript does not, so that a name which ends in it means another model to Ollama.
 */
export function isPlainModelName(name: string): boolean {
  return plainName.test(name);
}

/** Said of a name that is not plain. */
export const unusableName = localizable(
  'must be the name of a model: letters without accents, digits and the characters . _ / : - only',
);
