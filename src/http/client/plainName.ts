import { localizable } from '../message.ts';

const plainName = /^[\w./:-]+$/;

/**
 * Whether a name contains only `A-Z a-z 0-9 . _ / : -`. Programs treat other characters differently: Go trims
 * U+0085 and JavaScript does not, so a name that ends in it means another model to Ollama.
 */
export function isPlainModelName(name: string): boolean {
  return plainName.test(name);
}

/** The message for a name that is not plain. */
export const unusableName = localizable(
  'must be the name of a model: letters without accents, digits and the characters . _ / : - only',
);
