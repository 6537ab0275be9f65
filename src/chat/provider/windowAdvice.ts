import { OllamaContextError, localizable } from '../../ollama/index.ts';

/** What is known of a conversation that does not fit. */
export interface Overflow {
  model: string;
  /** Tokens of the prompt: the server's count, else our estimate. */
  promptTokens: number;
  /** As we estimate them: the client keeps so much free, whatever the server has counted this time. */
  estimate: number;
  /** Tokens of the window. */
  numCtx: number;
  /** Tokens that an answer may have at most; 0 and less: as many as there are. */
  numPredict: number;
  /** What the model was trained for; 0 when the server does not say. */
  trained: number;
  /** The model in memory, if it is: in bytes. */
  loaded?: { sizeBytes: number; contextLength: number };
  /** Size of its file in bytes. */
  fileBytes: number;
  /** Whether requests decide the size of the window. */
  canGrow: boolean;
  /** Memory has run out already: a larger window would not fit. */
  isReduced: boolean;
}

/** What would help. */
export interface WindowAdvice {
  error: OllamaContextError;
  /** A window that is large enough, if the model can have one. */
  numCtx?: number;
  /** How much more memory it takes, in bytes, if that is known. */
  moreBytes?: number;
}

/** Windows that are proposed, in tokens. */
const sizes = [4096, 8192, 12_288, 16_384, 24_576, 32_768, 49_152, 65_536, 98_304, 131_072, 196_608, 262_144];
/** Tokens that are left for an answer at least, and at most, when a window is proposed. */
const answerTokens = { least: 1024, most: 4096 };

/** So much more than a prompt a window has at least. */
const margin = { counted: 1.1, estimated: 1.2 };

/** What to say, and what to offer, where a conversation does not fit into the window. */
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

/** With room for the answer, and for some turns to come. */
function windowFor({ promptTokens, estimate, numCtx, numPredict, trained }: Overflow): number | undefined {
  const limit = numPredict > 0 ? numPredict : answerTokens.most;
  const answer = Math.min(answerTokens.most, Math.max(answerTokens.least, limit));
  const prompt = Math.max(promptTokens * margin.counted, estimate * margin.estimated);
  const found = sizes.find((size) => size > numCtx && size >= prompt + answer);
  if (found === undefined || trained === 0 || found <= trained) return found;
  const fits = trained > numCtx && trained >= promptTokens + answerTokens.least;
  return fits ? trained : undefined;
}

/** What the model takes beyond its file grows with the window. */
function moreMemory({ loaded, fileBytes }: Overflow, wanted: number): { moreBytes?: number } {
  if (!loaded || loaded.contextLength <= 0 || fileBytes <= 0 || loaded.sizeBytes <= fileBytes) return {};
  const perToken = (loaded.sizeBytes - fileBytes) / loaded.contextLength;
  return { moreBytes: perToken * (wanted - loaded.contextLength) };
}
