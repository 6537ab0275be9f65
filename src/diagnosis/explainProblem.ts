import { localizable } from '../ollama/index.ts';
import { gigabytes } from './sizes.ts';
import type { ServerProblem } from './server.ts';
import type { Explanation } from './explanation.ts';

/** Finding and remedy for a problem of a working server. An exhaustive switch. */
export function explainProblem(problem: ServerProblem, origin: string): Explanation {
  switch (problem.kind) {
    case 'tooOld':
      return {
        summary: localizable('Ollama {0} at {1} is too old for CodeWorm.', problem.version, origin),
        fix: localizable('Update Ollama to 0.12.6 or newer.'),
      };
    case 'noModel':
      return {
        summary: localizable('No model is installed on {0} that can answer.', origin),
        fix: localizable('Pull one, for instance with "ollama pull qwen2.5-coder:1.5b".'),
      };
    case 'modelMissing':
      return {
        summary: localizable('The model "{0}" is not installed on {1}.', problem.model, origin),
        fix: localizable('Pull it ("ollama pull {0}"), or select another model.', problem.model),
      };
    case 'modelNotListed':
      return explainNotListed(problem.model, origin);
    case 'modelDoesNotComplete':
      return {
        summary: localizable('The model "{0}" cannot write answers.', problem.model),
        fix: localizable('Select another model: this one is made for something else, such as embeddings.'),
      };
    case 'outOfMemory':
      return explainMemory(problem);
    case 'biggerThanMemory':
      return {
        summary: localizable(
          'The model "{0}" ({1} GB) is bigger than the memory of this machine ({2} GB).',
          problem.model,
          gigabytes(problem.sizeBytes),
          gigabytes(problem.memoryBytes),
        ),
        fix: localizable('Select a smaller model, unless the graphics card has memory enough for this one.'),
      };
    case 'lastFailure':
      return {
        summary: problem.error.localizableMessage,
        fix: localizable('That is what the last request met: ask again, and see whether it is still so.'),
      };
  }
}

function explainNotListed(model: string, origin: string): Explanation {
  return model === ''
    ? {
        summary: localizable('The server at {0} lists no model.', origin),
        fix: localizable('Load a model on the server.'),
      }
    : {
        summary: localizable('The server at {0} does not list the model "{1}".', origin, model),
        fix: localizable('Select one of its models.'),
      };
}

function explainMemory({ model, numCtx }: ServerProblem & { kind: 'outOfMemory' }): Explanation {
  const remedy = localizable('Use a smaller model or context window, or unload other models.');
  return numCtx === undefined
    ? { summary: localizable('There was not enough memory to load the model "{0}".', model), fix: remedy }
    : {
        summary: localizable(
          'There was not enough memory for the whole context window of the model "{0}": it works with {1} tokens now.',
          model,
          numCtx,
        ),
        fix: remedy,
      };
}
