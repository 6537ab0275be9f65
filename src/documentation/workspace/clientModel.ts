import type {
  ChatMessage,
  GenerateRequest,
  GenerationResult,
  ModelClient,
  PromptBudget,
  StreamEvent,
  Think,
} from '../../ollama/index.ts';
import type { PageModel, PageRequest } from './pageModel.ts';

/** Milliseconds for which the room of a prompt is taken as known. */
const budgetMs = 2000;

/** How pages are asked for. */
export interface ClientModelOptions {
  /** Name of the model, where pages have one of their own. */
  model?: () => string | undefined;
  think?: () => Think | undefined;
}

/**
 * The model of a client as one that writes pages.
 * @param use works with the client of the settings in force
 */
export function clientModel(
  use: <T>(work: (client: ModelClient) => Promise<T>) => Promise<T>,
  { model = () => undefined, think = () => undefined }: ClientModelOptions = {},
): PageModel {
  let known: { at: number; budget: PromptBudget } | undefined;
  return {
    budget: async (signal) => {
      // Many pages begin at once; each look at the server would keep a slot waiting.
      if (known && performance.now() - known.at < budgetMs) return known.budget;
      const budget = await use((client) => client.promptBudget(signal, { model: model() }));
      known = { at: performance.now(), budget };
      return budget;
    },
    write: (request, onEvent) =>
      use((client) => drained(client.streamWithRetry(requestOf(request, model(), think())), onEvent)).catch(
        (error: unknown) => {
          // It may be about the room.
          known = undefined;
          throw error;
        },
      ),
    isReachable: (signal) => use((client) => client.healthCheck(signal)),
    // Whether a server goes on behind an answer that has begun depends on the template of its model, and none of the
    // answers we have recorded shows it: a page that was interrupted is written again from its beginning.
    continues: () => Promise.resolve(false),
  };
}

async function drained(
  stream: AsyncGenerator<StreamEvent, GenerationResult, void>,
  onEvent: (event: StreamEvent) => void,
): Promise<GenerationResult> {
  for (;;) {
    const next = await stream.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

function requestOf(
  { system, prompt, written, temperature, signal }: PageRequest,
  model: string | undefined,
  think: Think | undefined,
): GenerateRequest {
  const messages: ChatMessage[] = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: written ?? '' },
  ];
  return {
    system,
    ...(written === undefined ? { prompt } : { messages }),
    ...(model === undefined ? {} : { model }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(think === undefined ? {} : { think }),
    signal,
  };
}
