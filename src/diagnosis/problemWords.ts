import { sentence } from '../ollama/index.ts';
import { gigabytes } from './sizes.ts';
import type { Problem } from './server.ts';
import type { Words } from './words.ts';

/** What is wrong with a working server, and what can be done. Exhaustive: no problem without words. */
export function problemWords(problem: Problem, origin: string): Words {
  switch (problem.kind) {
    case 'tooOld':
      return oldWords(problem);
    case 'noModel':
      return {
        finding: sentence('No model is installed on {0} that can answer.', origin),
        remedy: sentence('Pull one, for instance with "ollama pull qwen2.5-coder:1.5b".'),
      };
    case 'modelMissing':
      return {
        finding: sentence('The model "{0}" is not installed on {1}.', problem.model, origin),
        remedy: sentence('Pull it ("ollama pull {0}"), or select another model.', problem.model),
      };
    case 'modelDoesNotComplete':
      return {
        finding: sentence('The model "{0}" cannot write answers.', problem.model),
        remedy: sentence('Select another model: this one is made for something else, such as embeddings.'),
      };
    case 'outOfMemory':
      return memoryWords(problem);
    case 'biggerThanMemory':
      return {
        finding: sentence(
          'The model "{0}" ({1} GB) is bigger than the memory of this machine ({2} GB).',
          problem.model,
          gigabytes(problem.sizeBytes),
          gigabytes(problem.memoryBytes),
        ),
        remedy: sentence('Select a smaller model, unless the graphics card has memory enough for this one.'),
      };
    case 'lastFailure':
      return {
        finding: problem.error.sentence,
        remedy: sentence('That is what the last request met: ask again, and see whether it is still so.'),
      };
  }
}

function oldWords({ version, lacks }: Problem & { kind: 'tooOld' }): Words {
  const remedy = sentence('Update Ollama to 0.12.6 or newer.');
  return lacks === 'ps'
    ? {
        finding: sentence(
          'Ollama {0} is too old: it cannot say what is loaded, and cuts long prompts without a word.',
          version,
        ),
        remedy,
      }
    : {
        finding: sentence('Ollama {0} is too old: it may cut long prompts without a word.', version),
        remedy,
      };
}

function memoryWords({ model, numCtx }: Problem & { kind: 'outOfMemory' }): Words {
  const remedy = sentence('Use a smaller model or context window, or unload other models.');
  return numCtx === undefined
    ? { finding: sentence('There was not enough memory to load the model "{0}".', model), remedy }
    : {
        finding: sentence(
          'There was not enough memory for the whole context window of the model "{0}": it works with {1} tokens now.',
          model,
          numCtx,
        ),
        remedy,
      };
}
