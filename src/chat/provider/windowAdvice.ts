import { OllamaContextError, localizable } from '../../ollama/index.ts';

/** A conversation that does not fit into the context window. */
export interface Overflow {
  model: string;
  /** Tokens of the prompt: the server's count, else an estimate. */
  promptTokens: number;
  /** An estimate, because the client reserves so many tokens, independent of the server's count. */
  estimate: number;
  /** Tokens of the context window. */
  numCtx: number;
  /** Most tokens of an answer; 0 or less: no limit. */
  numPredict: number;
  /** The context window of the model's training in tokens; 0 if unknown. */
  trained: number;
  /** The loaded model's size in bytes and context window in tokens. */
  loaded?: { sizeBytes: number; contextLength: number };
  /** Size of the model's file in bytes. */
  fileBytes: number;
  /** Whether a request can change the size of the context window. */
  canGrow: boolean;
  /** Whether memory has run out before, so that a larger context window would not fit. */
  isReduced: boolean;
}

/** A possible remedy. */
export interface WindowAdvice {
  error: OllamaContextError;
  /** A context window in tokens that is large enough, if the model supports it. */
  numCtx?: number;
  /** Additional memory in bytes, if known. */
  moreBytes?: number;
}

/** Proposed context windows in tokens. */
const sizes = [4096, 8192, 12_288, 16_384, 24_576, 32_768, 49_152, 65_536, 98_304, 131_072, 196_608, 262_144];
/** Fewest and most tokens that are reserved for an answer in a proposed context window. */
const answerTokens = { least: 1024, most: 4096 };

/** A context window is larger than the prompt by at least this factor. */
const margin = { counted: 1.1, estimated: 1.2 };

/** The message and the proposal for a conversation that does not fit. */
export function adviseWindow(overflow: Overflow): WindowAdvice {
  const { model, promptTokens, numCtx, trained, canGrow, isReduced } = overflow;
  const wanted = canGrow ? windowFor(overflow) : undefined;
  if (isReduced)
    return {
      error: failed(
        overflow,
        localizable(
          'This conversation needs about {0} tokens, and there is not enough memory for more than a context window of {1}: start a new chat, or choose a smaller model.',
          promptTokens,
          numCtx,
        ),
      ),
    };
  if (wanted === undefined)
    return {
      error: failed(
        overflow,
        localizable(
          'This conversation needs about {0} tokens, and the model "{1}" can have no context window of more than {2}: start a new chat, or choose another model.',
          promptTokens,
          model,
          canGrow ? trained || numCtx : numCtx,
        ),
      ),
    };
  return {
    error: failed(
      overflow,
      localizable(
        'This conversation needs about {0} tokens, and the context window has {1}: use a larger window, or start a new chat.',
        promptTokens,
        numCtx,
      ),
    ),
    numCtx: wanted,
    ...moreMemory(overflow, wanted),
  };
}

function failed(
  { promptTokens, numCtx }: Overflow,
  sentence: ReturnType<typeof localizable>,
): OllamaContextError {
  return new OllamaContextError(sentence, promptTokens, numCtx);
}

/** Has room for the answer and for further turns. */
function windowFor({ promptTokens, estimate, numCtx, numPredict, trained }: Overflow): number | undefined {
  const limit = numPredict > 0 ? numPredict : answerTokens.most;
  const answer = Math.min(answerTokens.most, Math.max(answerTokens.least, limit));
  const prompt = Math.max(promptTokens * margin.counted, estimate * margin.estimated);
  const found = sizes.find((size) => size > numCtx && size >= prompt + answer);
  if (found === undefined || trained === 0 || found <= trained) return found;
  const fits = trained > numCtx && trained >= promptTokens + answerTokens.least;
  return fits ? trained : undefined;
}

/** The memory beyond the model's file grows with the context window. */
function moreMemory({ loaded, fileBytes }: Overflow, wanted: number): { moreBytes?: number } {
  if (!loaded || loaded.contextLength <= 0 || fileBytes <= 0 || loaded.sizeBytes <= fileBytes) return {};
  const perToken = (loaded.sizeBytes - fileBytes) / loaded.contextLength;
  return { moreBytes: perToken * (wanted - loaded.contextLength) };
}
