/** A model that CodeWorm can propose to somebody who has none. */
export interface ModelProposal {
  name: string;
  /** What is downloaded, in bytes: the size of the layers in Ollama's library. */
  downloadBytes: number;
  /**
   * Memory for each token of the context window, in bytes: 2 (keys and values) x layers x key-value heads x head size x
   * 2 (16-bit numbers), from the models' own configurations.
   */
  bytesPerToken: number;
}

/**
 * One family, made for code, in all sizes: what differs is what a machine can bear. The largest comes last.
 */
export const proposals: readonly ModelProposal[] = [
  { name: 'qwen2.5-coder:0.5b', downloadBytes: 0.4e9, bytesPerToken: 12_288 },
  { name: 'qwen2.5-coder:1.5b', downloadBytes: 0.99e9, bytesPerToken: 28_672 },
  { name: 'qwen2.5-coder:3b', downloadBytes: 1.93e9, bytesPerToken: 36_864 },
  { name: 'qwen2.5-coder:7b', downloadBytes: 4.68e9, bytesPerToken: 57_344 },
  { name: 'qwen2.5-coder:14b', downloadBytes: 8.99e9, bytesPerToken: 196_608 },
  { name: 'qwen2.5-coder:32b', downloadBytes: 19.85e9, bytesPerToken: 262_144 },
];

/** Buffers and program of a loaded model, besides its file and its context, in bytes (rounded up from `/api/ps`). */
const overheadBytes = 0.3e9;
/** The part of the memory that a model may take at most; the rest is for what the user works with. */
const mostShare = 0.5;
/** The part that it may take without being slow: without a big graphics card, a model is slower the bigger it is. */
const easyShare = 0.25;

/** Memory that a proposed model takes when it is loaded, in bytes. */
export function memoryNeeded({ downloadBytes, bytesPerToken }: ModelProposal, numCtx: number): number {
  return downloadBytes + bytesPerToken * numCtx + overheadBytes;
}

/**
 * The models that fit a machine: the one to begin with first, then the others from the largest down. Where none fits, the
 * smallest, which may.
 * @param memoryBytes of the machine; `undefined` when it is another one, of which nothing is known
 */
export function proposalsFor(memoryBytes: number | undefined, numCtx: number): ModelProposal[] {
  if (memoryBytes === undefined) return [...proposals];
  const within = (share: number): ModelProposal[] =>
    proposals.filter((model) => memoryNeeded(model, numCtx) <= memoryBytes * share).toReversed();
  const fitting = within(mostShare);
  const best = within(easyShare)[0] ?? fitting.at(-1) ?? proposals[0]!;
  return [best, ...fitting.filter((model) => model !== best)];
}
