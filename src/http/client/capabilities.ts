/** What a server can do besides answering. The rest is not offered to the user. */
export interface ServerCapabilities {
  /** The program's own name; empty when it is unknown. */
  product: string;
  /** Loading a model before it is needed. */
  load: boolean;
  unload: boolean;
  pull: boolean;
  delete: boolean;
  /** Reporting which models are loaded, and how. */
  loadedModels: boolean;
  /** Choosing the context size in a request. Otherwise the server has fixed it. */
  contextSize: boolean;
  /** Filling a gap by a request of its own for every model, so that the client need not know the model's tokens. */
  infill: boolean;
  /** Calling tools, and reading images. Models may differ: see `ModelClient.abilitiesOf`. */
  tools: boolean;
  images: boolean;
  embeddings: boolean;
}

/** What one model can do, as far as known. */
export type ModelAbilities = Pick<ServerCapabilities, 'tools' | 'images'>;

/** How many requests a server answers at once, and how many it is answering now. */
export interface Slots {
  busy: number;
  total: number;
}
