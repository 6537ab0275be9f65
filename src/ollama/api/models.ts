import { isFields } from '../../http/json.ts';
import type { LoadedModel, ModelSummary } from '../../http/client/models.ts';
import { unfitnessOf } from '../../http/client/modelUse.ts';
import { isPlainModelName } from '../../http/client/plainName.ts';
import { cloudHost, remoteHostOf, sameModel } from '../modelName.ts';
import type { WireInstalledModel, WireLoadedModel } from './wire.ts';

/** Reads the response of `/api/tags`. Skips entries without a name. */
export function readInstalled(response: unknown): ModelSummary[] {
  return entries(response).map((entry) => {
    const model = entry as WireInstalledModel & { name: string };
    const details = isFields(model.details) ? model.details : {};
    return {
      name: model.name,
      sizeBytes: number(model.size),
      modifiedAt: text(model.modified_at),
      digest: text(model.digest),
      family: text(details.family),
      parameterSize: text(details.parameter_size),
      quantization: text(details.quantization_level),
      contextLength: number(details.context_length),
      capabilities: Array.isArray(model.capabilities)
        ? model.capabilities.filter((c) => typeof c === 'string')
        : [],
      remoteHost: remoteOrigin(model.remote_host, model.remote_model) || remoteHostOf(model.name),
    };
  });
}

/** Reads the response of `/api/ps`. Skips entries without a name. */
export function readLoaded(response: unknown): LoadedModel[] {
  return entries(response).map((entry) => {
    const model = entry as WireLoadedModel & { name: string };
    const sizeBytes = number(model.size);
    return {
      name: model.name,
      sizeBytes,
      gpuShare: sizeBytes > 0 ? Math.min(1, number(model.size_vram) / sizeBytes) : 0,
      contextLength: number(model.context_length),
      expiresAt: text(model.expires_at),
    };
  });
}

/**
 * Reads the context length from the answer of `/api/show`. The name of the field starts with the model's
 * architecture.
 */
export function readTrainedLength(response: unknown): number {
  const info = isFields(response) ? response['model_info'] : undefined;
  return isFields(info) ? number(info[`${String(info['general.architecture'])}.context_length`]) : 0;
}

/**
 * An unreadable host is returned as it is, because it is not this server. A host that is not text is taken
 * for the cloud.
 */
function remoteOrigin(host: unknown, model: unknown): string {
  const isAbsent = host === undefined || host === null || host === '';
  if (isAbsent) return model ? cloudHost : '';
  if (typeof host !== 'string') return cloudHost;
  const url = host.includes('://') ? host : `https://${host}`;
  const origin = URL.canParse(url) ? new URL(url).origin : 'null';
  return origin === 'null' ? host.replaceAll(/[\p{C}\p{Z}]/gu, ' ') : origin;
}

/** Whether a model can complete text. If the server does not report it, the model counts as able to. */
export function canComplete({ capabilities }: ModelSummary): boolean {
  return capabilities.length === 0 || capabilities.includes('completion');
}

/**
 * The models to use when the settings name none, best first: a loaded one (no waiting), else the most
 * recently modified (probably the one in use). Never a model that cannot answer questions, or that runs on
 * another server: whether code goes there is the user's decision.
 */
export function chatCandidates(installed: readonly ModelSummary[], loaded: LoadedModel[]): ModelSummary[] {
  const usable = installed.filter(
    (model) => unfitnessOf(model) === undefined && !model.remoteHost && isPlainModelName(model.name),
  );
  // The server lists the most recently used model first.
  const rank = ({ name }: ModelSummary): number => {
    const index = loaded.findIndex((running) => sameModel(running.name, name));
    return index < 0 ? loaded.length : index;
  };
  return usable.toSorted((a, b) => rank(a) - rank(b) || changed(b) - changed(a));
}

function changed({ modifiedAt }: ModelSummary): number {
  return Date.parse(modifiedAt || '0') || 0;
}

/** The first of {@link chatCandidates}. */
export function chooseModel(installed: readonly ModelSummary[], loaded: LoadedModel[]): string | undefined {
  return chatCandidates(installed, loaded)[0]?.name;
}

function entries(response: unknown): { name: string }[] {
  const models = isFields(response) && Array.isArray(response['models']) ? response['models'] : [];
  return models.filter((model) => isFields(model) && typeof model['name'] === 'string') as { name: string }[];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0;
}
