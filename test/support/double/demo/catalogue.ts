import type { ModelSpec } from '../types.ts';

/** The models that can be pulled from the demo server, with names, sizes and capabilities of real models. */
export const catalogue: ModelSpec[] = [
  coder('qwen2.5-coder:0.5b', '494M', 397_821_319, 896),
  coder('qwen2.5-coder:1.5b', '1.5B', 986_062_089, 1536),
  coder('qwen2.5-coder:3b', '3.1B', 1_929_912_626, 2048),
  coder('qwen2.5-coder:7b', '7.6B', 4_683_087_561, 3584),
  coder('qwen2.5-coder:latest', '7.6B', 4_683_087_561, 3584),
  {
    name: 'llama3.2:1b',
    family: 'llama',
    parameterSize: '1.2B',
    quantization: 'Q8_0',
    sizeBytes: 1_321_098_329,
    contextLength: 131_072,
    embeddingLength: 2048,
    capabilities: ['completion', 'tools'],
  },
  {
    name: 'qwen3:4b',
    family: 'qwen3',
    parameterSize: '4.0B',
    sizeBytes: 2_497_293_931,
    contextLength: 262_144,
    embeddingLength: 2560,
    capabilities: ['completion', 'tools', 'thinking'],
  },
];

function coder(name: string, parameterSize: string, sizeBytes: number, embeddingLength: number): ModelSpec {
  const capabilities = ['completion', 'tools', 'insert'];
  return {
    name,
    family: 'qwen2',
    parameterSize,
    sizeBytes,
    contextLength: 32_768,
    embeddingLength,
    capabilities,
  };
}
