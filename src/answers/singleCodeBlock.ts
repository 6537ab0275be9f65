import { codeBlocks } from '../text/codeBlocks.ts';

/**
 * The code of an answer with exactly one code block, without its fences. `undefined` for no block, for
 * several, or for a block without an end.
 */
export function singleCodeBlock(answer: string): string | undefined {
  const [block, ...others] = codeBlocks(answer);
  return block?.closed && others.length === 0 ? block.code : undefined;
}
