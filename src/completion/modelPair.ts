import { sameModel, type LoadedModel, type ModelSummary } from '../ollama/index.ts';

/** Memory of a loaded model besides its file: its context and its buffers. */
const overhead = { share: 1.2, bytes: 0.3e9 };
/** Share of the memory that models can use. */
const usableShare = 0.75;

/** Two models of which one may evict the other from memory. */
export interface ModelPair {
  suggestions: string;
  questions: string;
}

/** The known facts about the models and the memory. */
export interface PairFacts {
  installed: readonly ModelSummary[];
  /** From `/api/ps`: the real sizes. */
  loaded: readonly LoadedModel[];
  /** The same from before, of models that are not loaded any more. */
  seen?: readonly LoadedModel[];
  /** Of the server's machine; undefined when it is unknown. */
  memoryBytes: number | undefined;
}

/** Whether the memory is too small for both models. */
export function evictEachOther(
  { suggestions, questions }: ModelPair,
  { installed, loaded, seen = [], memoryBytes }: PairFacts,
): boolean {
  if (memoryBytes === undefined || sameModel(suggestions, questions)) return false;
  const isLoaded = (model: string) => loaded.some(({ name }) => sameModel(name, model));
  if (isLoaded(suggestions) && isLoaded(questions)) return false;
  const bytes = [suggestions, questions].map((model) => {
    const running = [...loaded, ...seen].find(({ name }) => sameModel(name, model));
    const file = installed.find(({ name }) => sameModel(name, model))?.sizeBytes ?? 0;
    return running?.sizeBytes || (file && file * overhead.share + overhead.bytes);
  });
  return bytes[0]! + bytes[1]! > memoryBytes * usableShare;
}
