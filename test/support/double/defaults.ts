import { defaultTokenize } from './tokens.ts';
import type { DoubleSettings } from './types.ts';

const answer =
  'This code keeps a list of items. `add` puts one in, and `total` sums them up.\n\nNothing else happens here.';

/** A fast server with enough memory, one model, and always the same answer. */
export const defaultSettings: DoubleSettings = {
  protocol: 'ollama',
  apiKey: '',
  loading: false,
  models: [{ name: 'tiny:latest', capabilities: ['completion', 'insert'] }],
  memoryBytes: Infinity,
  outOfMemory: 'current',
  gpuShare: 0,
  loadMs: 0,
  unloadMs: 0,
  readingSpeed: Infinity,
  writingSpeed: Infinity,
  linesPerPacket: 1,
  numParallel: 1,
  maxLoadedModels: 3,
  maxQueue: 512,
  version: '0.33.0',
  pathPrefix: '',
  defaultNumCtx: 4096,
  keepAliveMs: 300_000,
  repeatGuard: true,
  answer: () => answer,
  toolCalls: () => [],
  thinking: () => 'The user wants an answer. I shall give one.',
  tokenize: defaultTokenize,
  pull: 'unreachable',
};
