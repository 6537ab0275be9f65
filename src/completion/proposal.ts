/** A model that can infill, to be offered when none is installed. */
export interface InfillProposal {
  name: string;
  /** Size of the layers in Ollama's library. */
  downloadBytes: number;
}

/**
 * One family trained to infill; its base models do that best. They are small, because a suggestion must be
 * fast.
 */
const proposals: (InfillProposal & { fromMemoryBytes: number })[] = [
  { name: 'qwen2.5-coder:3b-base', downloadBytes: 1.93e9, fromMemoryBytes: 32e9 },
  { name: 'qwen2.5-coder:1.5b-base', downloadBytes: 0.99e9, fromMemoryBytes: 7.5e9 },
  { name: 'qwen2.5-coder:0.5b-base', downloadBytes: 0.4e9, fromMemoryBytes: 0 },
];
const usual = proposals[1]!;

/** @param memoryBytes of the server's machine; undefined when it is unknown */
export function proposalFor(memoryBytes: number | undefined): InfillProposal {
  if (memoryBytes === undefined) return usual;
  return proposals.find(({ fromMemoryBytes }) => memoryBytes >= fromMemoryBytes) ?? usual;
}
