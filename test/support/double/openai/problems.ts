import { Problem } from '../problems.ts';
import { recordedAnswer } from '../wireClient.ts';
import { recordingNamed } from './recordings.ts';

/** An error in llama-server's form. */
export class OpenAIProblem extends Problem {
  readonly #error: Record<string, unknown>;

  constructor(status: number, error: Record<string, unknown>) {
    super(status, String(error['message']));
    this.#error = error;
  }

  override get body(): Record<string, unknown> {
    return { error: this.#error };
  }
}

/** The error of a recording, with the server's own text. */
export function recordedError(name: string): OpenAIProblem {
  const { status, body } = recordedAnswer(recordingNamed(name));
  const { error } = JSON.parse(body) as { error: Record<string, unknown> };
  return new OpenAIProblem(status, error);
}

/** A recorded value with facts about the server. */
export function recordedValue(name: string): unknown {
  return JSON.parse(recordedAnswer(recordingNamed(name)).body);
}

/** Not recorded: the text is from llama-server's source. */
export const loadingProblem = (): OpenAIProblem =>
  new OpenAIProblem(503, { message: 'Loading model', type: 'unavailable_error', code: 503 });

/** Not recorded: the text is from vLLM's source. */
export const unknownModelProblem = (model: string): OpenAIProblem =>
  new OpenAIProblem(404, {
    message: `The model \`${model}\` does not exist.`,
    type: 'NotFoundError',
    param: 'model',
    code: 404,
  });

/** Errors of the parts that both protocols share have Ollama's form; some of them wrap llama-server's own. */
export function toOpenAI(problem: Problem): Problem {
  if (problem instanceof OpenAIProblem) return problem;
  const { status, message } = problem;
  const inner = parsed(message);
  return new OpenAIProblem(status, inner ?? { code: status, message, type: 'server_error' });
}

function parsed(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  return (JSON.parse(text) as { error: Record<string, unknown> }).error;
}
