import type { ServerCapabilities } from '../../http/client/capabilities.ts';

/** Ollama can do all of it; it fills gaps only with models whose template can. */
export const ollamaCapabilities: ServerCapabilities = {
  product: 'Ollama',
  load: true,
  unload: true,
  pull: true,
  delete: true,
  loadedModels: true,
  contextSize: true,
  infill: false,
  tools: true,
  images: true,
  embeddings: true,
};
