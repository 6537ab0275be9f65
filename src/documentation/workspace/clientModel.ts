import type { ChatMessage, GenerateRequest, ModelClient, Think } from '../../ollama/index.ts';
import type { PageModel, PageRequest } from './pageModel.ts';

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
  return {
    budget: (signal) => use((client) => client.promptBudget(signal, { model: model() })),
    write: (request, onEvent) =>
      use(async (client) => {
        const stream = client.streamWithRetry(requestOf(request, model(), think()));
        for (;;) {
          const next = await stream.next();
          if (next.done) return next.value;
          onEvent(next.value);
        }
      }),
    isReachable: (signal) => use((client) => client.healthCheck(signal)),
    // Whether a server can continue a partial answer depends on the template of its model, and no recorded
    // answer shows it. So an interrupted page is written again from the beginning.
    continues: () => Promise.resolve(false),
  };
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
