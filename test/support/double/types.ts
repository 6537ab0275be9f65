import type { RecordedRequest } from './record.ts';

/** A model that the double has installed. Everything but the name has a default. */
export interface ModelSpec {
  /** As typed after `ollama pull`; without a tag it means `:latest`. */
  name: string;
  /** Size of the model file in bytes; also its memory without the context. */
  sizeBytes?: number;
  /** Memory of the context in bytes per token of `num_ctx`. */
  memoryPerTokenBytes?: number;
  /** The context length of the training in tokens. A larger `num_ctx` is limited to it silently. */
  contextLength?: number;
  embeddingLength?: number;
  capabilities?: string[];
  /** The parameters of its Modelfile, for `/api/show`. */
  parameters?: string;
  family?: string;
  quantization?: string;
  parameterSize?: string;
  digest?: string;
  /** An ISO date. */
  modifiedAt?: string;
  /** Milliseconds that loading takes; by default the double's `loadMs`. */
  loadMs?: number;
  /** If set, loading ends with a 500 with this text (damaged file, load timeout ...). */
  loadError?: string;
  /**
   * The model runs elsewhere, and the user is not signed in (401 with a `signin_url`), or the other server is
   * offline.
   */
  cloud?: boolean | 'offline';
  /** If set, the model runs on the server with this URL. The list reports it, and it is never loaded here. */
  remoteHost?: string;
  /** The model's name on that server. */
  remoteModel?: string;
  /** Replaces the usual template with roles. */
  template?: string;
  /** Whether its template ends an answer that is the last message, so that the model does not continue it. */
  endsAnswers?: boolean;
}

type Optional =
  | 'parameters'
  | 'loadMs'
  | 'loadError'
  | 'cloud'
  | 'remoteHost'
  | 'remoteModel'
  | 'template'
  | 'endsAnswers';
export type Model = Required<Omit<ModelSpec, Optional>> & Pick<ModelSpec, Optional>;

/** What an answer may depend on, in the same form for /api/generate and /api/chat. */
export interface AnswerRequest {
  model: string;
  /** The prompt, or the last chat message. */
  prompt: string;
  system: string;
  suffix: string;
  options: Record<string, unknown>;
  /** Names of the offered tools. */
  tools: string[];
  /** Role of the last message; after `tool`, the model has the result. */
  lastRole: string;
  request: RecordedRequest;
}

/** A call of an offered tool. */
export interface ToolCallSpec {
  name: string;
  arguments: Record<string, unknown>;
  /** Generated if absent. */
  id?: string;
}

/** A string is split into tokens by the double; an array or iterable contains the tokens. */
export type Answer = string | string[] | AsyncIterable<string>;
export type AnswerFunction = (request: AnswerRequest) => Answer | Promise<Answer>;

/** One progress line of a pull. */
export interface PullStep {
  status?: string;
  error?: string;
  digest?: string;
  total?: number;
  completed?: number;
}

/** What a pull gets besides the name. */
export interface PullContext {
  /** Aborts when the client disconnects. */
  signal: AbortSignal;
  /** Whether the model is already installed. */
  installed: boolean;
  /** Describes the model to install. The rest follows from name and sizes. */
  describe: (model: Partial<ModelSpec>) => void;
}

type PullSteps = Iterable<PullStep> | AsyncIterable<PullStep>;

/** The protocol of the double: Ollama's, or llama-server's. */
export type Protocol = 'ollama' | 'openai';

export interface DoubleSettings {
  protocol: Protocol;
  /** For `openai`: the required key; empty for none. */
  apiKey: string;
  /** For `openai`: the server is still loading its model and answers 503. */
  loading: boolean;
  models: ModelSpec[];
  /** Memory of the server in bytes. */
  memoryBytes: number;
  /** The out-of-memory text: a key of `outOfMemoryTexts`, or the text itself. */
  outOfMemory: string;
  /** The share of a loaded model on the GPU, 0 to 1. */
  gpuShare: number;
  loadMs: number;
  /** Milliseconds for which `/api/ps` still lists a model after its unloading began. */
  unloadMs: number;
  /** Tokens of the prompt read per second. */
  readingSpeed: number;
  /** Tokens written per second. */
  writingSpeed: number;
  /** Lines per packet when writing at infinite speed. */
  linesPerPacket: number;
  /** Requests that one model works on in parallel. */
  numParallel: number;
  maxLoadedModels: number;
  /** Most waiting requests; a further one gets a 503. */
  maxQueue: number;
  version: string;
  /** The path of the API behind a gateway: `/ollama` makes it `/ollama/api/...`. */
  pathPrefix: string;
  /** The context window in tokens when a request names none. */
  defaultNumCtx: number;
  /** The meaning of an absent or null keep_alive, in ms. */
  keepAliveMs: number;
  /** A real server ends a stream without a final line after 30 repetitions of one token. */
  repeatGuard: boolean;
  answer: AnswerFunction;
  /** The calls of a model that was offered tools. With calls it writes no text. */
  toolCalls: (request: AnswerRequest) => ToolCallSpec[] | Promise<ToolCallSpec[]>;
  /** The thinking of a model with the capability `thinking`. */
  thinking: AnswerFunction;
  tokenize: (text: string) => string[];
  /** `unreachable`, or the progress of a pull, which installs the model when it ends without an error. */
  pull: 'unreachable' | ((model: string, context: PullContext) => PullSteps);
}

export type DoubleOptions = Partial<DoubleSettings> & { host?: string; port?: number };
