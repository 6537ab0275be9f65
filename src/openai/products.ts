/** Names that servers give themselves in their lists of models (`owned_by`). */
export const llamaServer = 'llamacpp';
export const vllm = 'vllm';

/** The programs, by these names. */
export const products: Record<string, string> = {
  [llamaServer]: 'llama-server',
  [vllm]: 'vLLM',
  sglang: 'SGLang',
  organization_owner: 'LM Studio',
};
