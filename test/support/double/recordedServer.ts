import type { DoubleOptions } from './types.ts';

/** The double with the models of the server that was recorded. */
export const recordedServer: DoubleOptions = {
  version: '0.33.0-rc2',
  memoryBytes: 8 * 2 ** 30,
  models: [
    {
      name: 'bigctx',
      sizeBytes: 29_316_081,
      memoryPerTokenBytes: 16_384,
      contextLength: 100_000_000,
      embeddingLength: 512,
      capabilities: ['completion', 'insert'],
      quantization: 'F16',
      parameterSize: '14.63M',
      digest: '6310c0c1a63c369be9cbc3fe4334331203999e3fa5f0f0dd0adcf60315ab0058',
      modifiedAt: '2026-11-22T11:16:08.994645766Z',
    },
    {
      name: 'slow',
      sizeBytes: 379_476_978,
      memoryPerTokenBytes: 4096,
      contextLength: 8192,
      embeddingLength: 1024,
      capabilities: ['completion', 'insert'],
      quantization: 'F16',
      parameterSize: '189.69M',
      digest: 'ff505038d79b2506462738301dd1addbf512293c8d8017b2bcd6a8fc2f596be3',
      modifiedAt: '2026-11-22T11:14:23.183318651Z',
    },
    tiny(
      'tiny',
      537_555,
      '10e98b9e465372b26a28e906ac5cd1776649b20779c8a0a807421280d8449f20',
      '19.568569071',
      ['completion', 'insert'],
    ),
    tiny(
      'tiny2',
      537_304,
      '49b0f8d8bfe859e2e237a31381cc7b7893a00be35e64a586881a026f2f00f1d5',
      '19.613129116',
      ['completion'],
    ),
  ],
};

/** The same machine three days later, with models that think, call tools, infill and embed. */
export const recordedServerLater: DoubleOptions = {
  ...recordedServer,
  // The recorded model called the first tool once, and wrote text when it had the result.
  toolCalls: ({ tools, lastRole }) =>
    lastRole === 'user' ? [{ name: tools[0]!, arguments: { path: 'README.md' } }] : [],
  models: [
    ...recordedServer.models!,
    {
      name: 'agent',
      sizeBytes: 17_897_875,
      contextLength: 32_768,
      embeddingLength: 256,
      capabilities: ['completion', 'tools', 'thinking'],
      parameters: 'stop                           "<|im_end|>"',
    },
    {
      name: 'fim',
      sizeBytes: 17_897_875,
      contextLength: 32_768,
      capabilities: ['completion', 'insert'],
      parameters: 'stop                           "<|im_end|>"',
    },
    { name: 'embed', sizeBytes: 17_897_875, contextLength: 32_768, capabilities: ['embedding'] },
    { name: 'gpt-oss:120b-cloud', cloud: 'offline' },
  ],
};

function tiny(name: string, sizeBytes: number, digest: string, second: string, capabilities: string[]) {
  return {
    name,
    sizeBytes,
    // Measured: 6,962,544 bytes with a context window of 4096.
    memoryPerTokenBytes: 1568,
    contextLength: 8192,
    embeddingLength: 64,
    capabilities,
    quantization: 'unknown',
    parameterSize: '131K',
    digest,
    modifiedAt: `2026-11-22T11:14:${second}Z`,
  };
}
