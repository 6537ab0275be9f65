import { codeBlocks } from '../text/codeBlocks.ts';

/**
 * The code of an answer that has exactly one code block, without its fences; `undefined` where it has none or
 * several, or where the block was cut off before its end.
 */
export function singleCodeBlock(answer: string): string | undefined {
  const [block, ...others] = codeBlocks(answer);
  return block?.closed && others.length === 0 ? block.code : undefined;
}
