import { OllamaError, sameModel, type ModelClient } from '../ollama/index.ts';
import type { ServerFacts } from './status.ts';

/** Before the first probe. */
export function unknown(client: ModelClient): ServerFacts {
  const model = client.settings.model;
  const { origin, capabilities } = client;
  return { origin, capabilities, installed: [], modelInstalled: false, ...(model ? { model } : {}) };
}

/**
 * Asks the server. One request after the other, because three short requests need no three connections.
 * @throws OllamaError
 */
export async function factsOf(client: ModelClient): Promise<ServerFacts> {
  const version = await client.version();
  const { outdated } = client;
  const loaded = await client.loadedModels();
  const installed = await client.installedModels();
  const slots = await client.slots();
  const { model, problem } = await client.resolveModel().then(
    (name) => ({ model: name, problem: undefined }),
    (error: unknown) => ({ model: '', problem: error }),
  );
  if (problem !== undefined && !(problem instanceof OllamaError && problem.kind === 'noModel')) throw problem;
  const known = installed.find(({ name }) => sameModel(name, model));
  const remoteHost = known?.remoteHost ?? '';
  const running = loaded.find(({ name }) => sameModel(name, model));
  const reducedNumCtx = client.reducedNumCtx(model);
  const adoptedNumCtx = client.adoptedNumCtx(model);
  return {
    origin: client.origin,
    capabilities: client.capabilities,
    online: true,
    version,
    installed,
    allLoaded: loaded,
    modelInstalled: known !== undefined,
    ...(model ? { model } : {}),
    ...(remoteHost ? { remoteHost } : {}),
    ...(running ? { loaded: running } : {}),
    ...(reducedNumCtx === undefined || adoptedNumCtx !== undefined ? {} : { reducedNumCtx }),
    ...(adoptedNumCtx === undefined ? {} : { adoptedNumCtx }),
    ...(slots ? { slots } : {}),
    ...(outdated ? { problem: outdated } : problem instanceof OllamaError ? { problem } : {}),
  };
}
