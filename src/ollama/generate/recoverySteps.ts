/** Largest context size in tokens with which recovery starts, and the smallest it tries. */
export const recoveryNumCtx = { first: 8192, least: 2048 };

/**
 * The context sizes that recovery from "out of memory" tries after a failure with `numCtx`: min(numCtx,
 * 8192), then halves down to 2048.
 * @param reduced whether `numCtx` is already a recovery step, so that only smaller ones remain
 */
export function recoverySteps(numCtx: number, reduced: boolean): number[] {
  const steps: number[] = [];
  const first = reduced ? Math.floor(numCtx / 2) : Math.min(numCtx, recoveryNumCtx.first);
  for (let size = first; size >= recoveryNumCtx.least; size = Math.floor(size / 2)) steps.push(size);
  return steps.length > 0 || reduced ? steps : [first];
}
