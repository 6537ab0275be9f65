import type {
  ChatMessage,
  GenerateRequest,
  GenerationResult,
  ModelClient,
  PromptBudget,
  StreamEvent,
  Think,
} from '../../ollama/index.ts';
import { rankOf } from '../../generation/priorities.ts';
import type { PageModel, PageRequest } from './pageModel.ts';

/** Milliseconds for which a prompt budget is reused. */
const budgetMs = 2000;

/** Options for requesting pages. */
export interface ClientModelOptions {
  /** Name of the model, if pages have their own. */
  model?: () => string | undefined;
  think?: () => Think | undefined;
}

/**
 * Adapts a client to a model that writes pages.
 * @param use works with the current client
 */
export function clientModel(
  use: <T>(work: (client: ModelClient) => Promise<T>) => Promise<T>,
  { model = () => undefined, think = () => undefined }: ClientModelOptions = {},
): PageModel {
  let known: { at: number; budget: PromptBudget } | undefined;
  return {
    budget: async (signal) => {
      // Many pages begin at once, and each request for a budget would delay one of them.
      if (known && performance.now() - known.at < budgetMs) return known.budget;
      const budget = await use((client) => client.promptBudget(signal, { model: model() }));
      known = { at: performance.now(), budget };
      return budget;
    },
    write: (request, onEvent) =>
      use((client) => drained(client.streamWithRetry(requestOf(request, model(), think())), onEvent)).catch(
        (error: unknown) => {
          // The budget may have been wrong.
          known = undefined;
          throw error;
        },
      ),
    isReachable: (signal) => use((client) => client.healthCheck(signal)),
    continues: (request) => use((client) => client.continuesAnswer(requestOf(request, model(), think()))),
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
  { system, prompt, written, temperature, maxTokens, signal }: PageRequest,
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
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(think === undefined ? {} : { think }),
    priority: rankOf('page'),
    signal,
  };
}
