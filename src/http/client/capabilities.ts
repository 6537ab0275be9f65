/** What a server can be asked to do, besides answering. What it cannot do is not offered to the user. */
export interface ServerCapabilities {
  /** Loads a model before it is needed. */
  load: boolean;
  unload: boolean;
  pull: boolean;
  delete: boolean;
  /** Tells which models are in memory, and how. */
  loadedModels: boolean;
  /** The size of the context window is a part of the request; otherwise the server has decided it. */
  contextSize: boolean;
}
