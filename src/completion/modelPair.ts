import { sameModel, type LoadedModel, type ModelSummary } from '../ollama/index.ts';

/** What a loaded model takes besides its file: its context and its buffers. */
const overhead = { share: 1.2, bytes: 0.3e9 };
/** The part of the memory that models can have. */
const usableShare = 0.75;

/** Two models of which one may push the other out of memory. */
export interface ModelPair {
  suggestions: string;
  questions: string;
}

/** What is known of the models and the memory. */
export interface PairFacts {
  installed: readonly ModelSummary[];
  /** From `/api/ps`: what they really take. */
  loaded: readonly LoadedModel[];
  /** Of the server's machine; undefined where it is not known. */
  memoryBytes: number | undefined;
}

/** Whether the machine's memory has no room for both models at once. */
export function evictEachOther(
  { suggestions, questions }: ModelPair,
  { installed, loaded, memoryBytes }: PairFacts,
): boolean {
  if (memoryBytes === undefined || sameModel(suggestions, questions)) return false;
  const bytes = [suggestions, questions].map((model) => {
    const running = loaded.find(({ name }) => sameModel(name, model));
    const file = installed.find(({ name }) => sameModel(name, model))?.sizeBytes ?? 0;
    return running?.sizeBytes || (file && file * overhead.share + overhead.bytes);
  });
  return bytes[0]! + bytes[1]! > memoryBytes * usableShare;
}
