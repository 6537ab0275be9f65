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
}
