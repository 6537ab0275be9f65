/** A model to recommend to a user who has none. */
export interface ModelProposal {
  name: string;
  /** Size of the download in bytes: the layers in Ollama's library. */
  downloadBytes: number;
  /**
   * Bytes of memory per token of the context window: 2 (keys and values) x layers x key-value heads x head
   * size x 2 (16-bit numbers), from the models' own configurations.
   */
  bytesPerToken: number;
}

/** One family of code models in all sizes, the largest last. They differ in what a machine can run. */
export const proposals: readonly ModelProposal[] = [
  { name: 'qwen2.5-coder:0.5b', downloadBytes: 0.4e9, bytesPerToken: 12_288 },
  { name: 'qwen2.5-coder:1.5b', downloadBytes: 0.99e9, bytesPerToken: 28_672 },
  { name: 'qwen2.5-coder:3b', downloadBytes: 1.93e9, bytesPerToken: 36_864 },
  { name: 'qwen2.5-coder:7b', downloadBytes: 4.68e9, bytesPerToken: 57_344 },
  { name: 'qwen2.5-coder:14b', downloadBytes: 8.99e9, bytesPerToken: 196_608 },
  { name: 'qwen2.5-coder:32b', downloadBytes: 19.85e9, bytesPerToken: 262_144 },
];

/**
 * Bytes for buffers and program of a loaded model, besides its file and its context (rounded up from
 * `/api/ps`).
 */
const overheadBytes = 0.3e9;
/** Largest share of the memory that a model may use. The rest is for the user's programs. */
const mostShare = 0.5;
/** Share of the memory up to which a model is fast enough without a large graphics card. */
const easyShare = 0.25;

/** Bytes of memory that a recommended model uses when it is loaded. */
export function memoryNeeded({ downloadBytes, bytesPerToken }: ModelProposal, numCtx: number): number {
  return downloadBytes + bytesPerToken * numCtx + overheadBytes;
}

/**
 * The models that fit a machine: the one to start with, then the others from the largest down. If none fits,
 * the smallest, which may fit.
 * @param memoryBytes of the machine; `undefined` for another machine, whose memory is unknown
 */
export function proposalsFor(memoryBytes: number | undefined, numCtx: number): ModelProposal[] {
  if (memoryBytes === undefined) return [...proposals];
  const within = (share: number): ModelProposal[] =>
    proposals.filter((model) => memoryNeeded(model, numCtx) <= memoryBytes * share).toReversed();
  const fitting = within(mostShare);
  const best = within(easyShare)[0] ?? fitting.at(-1) ?? proposals[0]!;
  return [best, ...fitting.filter((model) => model !== best)];
}
