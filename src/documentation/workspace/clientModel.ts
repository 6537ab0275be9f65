import type { ChatMessage, GenerateRequest, ModelClient, Think } from '../../ollama/index.ts';
import type { PageModel, PageRequest } from './pageModel.ts';

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
    // Whether a server goes on behind an answer that has begun depends on the template of its model, and none of the
    // answers we have recorded shows it: a page that was interrupted is written again from its beginning.
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
