import type { Flavour } from '../ask.ts';
import { sendJson, type Exchange } from '../exchange.ts';
import { runAlone } from '../generate.ts';
import { completeModel } from '../models.ts';
import { Problem } from '../problems.ts';
import { renderPrompt, tokenId } from '../tokens.ts';
import type { DoubleSettings } from '../types.ts';
import { readOpenAIAsk, shortName } from './ask.ts';
import { wantsUsage } from './encoder.ts';
import { loadingProblem, recordedError, recordedValue, toOpenAI } from './problems.ts';

type Handler = (exchange: Exchange) => Promise<void>;

/** Paths that llama-server answers without a key. */
const isPublic = /^\/(?:v1\/)?(?:health|models)$/;

const routes: Record<string, Record<string, Handler>> = {
  '/health': { GET: (exchange) => sendJson(exchange, 200, { status: 'ok' }) },
  '/v1/models': { GET: (exchange) => sendJson(exchange, 200, modelsAnswer(exchange.settings)) },
  '/v1/chat/completions': { POST: (exchange) => answer(exchange, 'chat') },
  '/v1/completions': { POST: (exchange) => answer(exchange, 'completions') },
  '/infill': { POST: (exchange) => answer(exchange, 'infill') },
  '/v1/embeddings': {
    POST: () => {
      throw recordedError('embeddings-unsupported');
    },
  },
  '/tokenize': { POST: tokenize },
  // As documented in llama-server's README: no recording has it.
  '/apply-template': {
    POST: (exchange) =>
      sendJson(exchange, 200, { prompt: renderPrompt(readOpenAIAsk(exchange, 'chat').parts) }),
  },
  '/props': { GET: (exchange) => sendJson(exchange, 200, propsAnswer(exchange.settings)) },
  '/slots': { GET: (exchange) => sendJson(exchange, 200, slotsAnswer(exchange.settings)) },
};

const generations = new Set(['/v1/chat/completions', '/v1/completions', '/infill']);

/**
 * Answers one request like llama-server.
 * @param path without the prefix
 */
export async function routeOpenAI(exchange: Exchange, path: string): Promise<void> {
  const { request, settings, gates, signal } = exchange;
  try {
    if (settings.loading) throw loadingProblem();
    const handler = routes[path]?.[request.method];
    if (!isPublic.test(path)) checkKey(exchange);
    if (!handler) throw recordedError('error-not-found-path');
    if (!generations.has(path)) await gates.pass('answer', request, signal);
    await handler(exchange);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const problem = toOpenAI(error);
    await sendJson(exchange, problem.status, problem.body);
  }
}

function checkKey({ request, settings: { apiKey } }: Exchange): void {
  if (apiKey === '' || request.headers.authorization === `Bearer ${apiKey}`) return;
  throw recordedError('error-wrong-key');
}

async function answer(exchange: Exchange, flavour: Flavour): Promise<void> {
  const { scheduler, request, signal } = exchange;
  const startedAt = performance.now();
  const ask = readOpenAIAsk(exchange, flavour);
  const options = request.body['stream_options'] as { include_usage?: boolean } | undefined;
  if (options?.include_usage) wantsUsage.add(ask);
  request.model = ask.model.name;
  const wanted = { request, model: ask.model, numCtx: ask.numCtx, key: ask.runnerKey, signal };
  const runner = await scheduler.acquire(wanted);
  try {
    await runAlone(exchange, ask, runner, { startedAt, loadMs: performance.now() - startedAt });
  } finally {
    scheduler.release(runner, ask.keepAliveMs);
  }
}

function modelsAnswer({ models, defaultNumCtx }: DoubleSettings): unknown {
  const recorded = recordedValue('models') as { models: [object]; data: [{ meta: object }] };
  const names = models.map(({ name }) => shortName(name));
  return {
    models: names.map((name) => ({ ...recorded.models[0], name, model: name })),
    object: 'list',
    data: models.map((model, index) => ({
      ...recorded.data[0],
      id: names[index],
      aliases: [names[index]],
      meta: {
        ...recorded.data[0].meta,
        n_ctx: defaultNumCtx,
        n_ctx_train: completeModel(model).contextLength,
      },
    })),
  };
}

function propsAnswer({ models, defaultNumCtx, numParallel, version }: DoubleSettings): unknown {
  const recorded = recordedValue('props') as { default_generation_settings: object };
  return {
    ...recorded,
    default_generation_settings: { ...recorded.default_generation_settings, n_ctx: defaultNumCtx },
    total_slots: numParallel,
    ...(version.endsWith('-demo') ? { build_info: version } : {}),
    model_alias: shortName(models[0]?.name ?? ''),
  };
}

function slotsAnswer({ defaultNumCtx, numParallel }: DoubleSettings): unknown {
  const [slot] = recordedValue('slots') as object[];
  return Array.from({ length: numParallel }, (_, id) => ({ ...slot, id, n_ctx: defaultNumCtx }));
}

async function tokenize(exchange: Exchange): Promise<void> {
  const tokens = exchange.settings.tokenize(exchange.request.body['content'] as string);
  await sendJson(exchange, 200, { tokens: tokens.map(tokenId) });
}
