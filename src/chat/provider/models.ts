import * as vscode from 'vscode';
import type { LoadedModel, ModelSummary, ModelClient } from '../../ollama/index.ts';
import { sameModel } from '../../ollama/index.ts';
import { promptTokens } from '../../prompts/tokens.ts';
import { numberText, sizeText } from '../../ui/format.ts';

/** VS Code's description of a model. */
export type ChatModel = vscode.LanguageModelChatInformation;

/** The facts about a server's models. */
export interface ServerModels {
  installed: readonly ModelSummary[];
  loaded: readonly LoadedModel[];
}

/** Characters of a digest that distinguish models. */
const digestChars = 12;

/**
 * Those of a server's models that can answer in VS Code's chat.
 * @throws the signal's reason when it aborts
 */
export async function describeChatModels(
  client: ModelClient,
  { installed, loaded }: ServerModels,
  signal: AbortSignal,
): Promise<ChatModel[]> {
  const models = await client.chatModels(installed, signal);
  return models.map((model) => described(client, model, loaded));
}

/**
 * Tokens of the context window of a model: ours, or a larger one with which another program has loaded it.
 */
export function windowOf(client: ModelClient, { name, contextLength }: ModelSummary): number {
  if (!client.capabilities.contextSize) return client.numCtxFor(name);
  const reduced = client.reducedNumCtx(name) ?? Infinity;
  const own = Math.min(client.settings.numCtx, contextLength || Infinity, reduced);
  return Math.max(own, client.adoptedNumCtx(name) ?? 0);
}

/** The same, as VS Code was told. */
export function windowIn({ maxInputTokens, maxOutputTokens }: ChatModel): number {
  return maxInputTokens + maxOutputTokens;
}

function described(client: ModelClient, model: ModelSummary, loaded: readonly LoadedModel[]): ChatModel {
  const { name, family, digest } = model;
  const { tools, images } = client.abilitiesOf(model);
  const numCtx = windowOf(client, model);
  const { numPredict } = client.settings;
  const maxInputTokens = promptTokens({ numCtx, numPredict, charsPerToken: client.charsPerToken(name) });
  const running = loaded.find((one) => sameModel(one.name, name));
  return {
    id: name,
    name,
    family: family || familyIn(name),
    version: digest.slice(0, digestChars) || name,
    detail: detailOf(model, running),
    tooltip: tooltipOf(model, running, numCtx, client.capabilities.loadedModels),
    maxInputTokens,
    maxOutputTokens: numCtx - maxInputTokens,
    capabilities: {
      toolCalling: tools,
      imageInput: images,
    },
  };
}

/** The name without its tag. In a path of Windows, a colon follows the drive. */
function familyIn(name: string): string {
  return name.replace(/(?<=.):[^:/\\]*$/, '');
}

function detailOf({ sizeBytes, remoteHost }: ModelSummary, running: LoadedModel | undefined): string {
  if (remoteHost) return vscode.l10n.t('runs on {0}', remoteHost);
  return [
    ...(sizeBytes > 0 ? [sizeText(sizeBytes)] : []),
    ...(running ? [vscode.l10n.t('loaded')] : []),
  ].join(' · ');
}

function tooltipOf(
  model: ModelSummary,
  running: LoadedModel | undefined,
  numCtx: number,
  reportsLoaded: boolean,
): string {
  const { name, parameterSize, quantization, sizeBytes, remoteHost } = model;
  const facts = [parameterSize, quantization, ...(sizeBytes > 0 ? [sizeText(sizeBytes)] : [])].filter(
    Boolean,
  );
  return [
    facts.length > 0 ? `${name} (${facts.join(', ')})` : name,
    ...stateOf(remoteHost, running, reportsLoaded),
    vscode.l10n.t('Context window: {0} tokens', numberText(numCtx)),
  ].join('\n');
}

/** Empty for a server that does not report what is loaded. */
function stateOf(remoteHost: string, running: LoadedModel | undefined, reportsLoaded: boolean): string[] {
  if (remoteHost)
    return [vscode.l10n.t('It runs on {0}: what you ask, and the code with it, goes there.', remoteHost)];
  if (running) return [vscode.l10n.t('It is loaded.')];
  return reportsLoaded ? [vscode.l10n.t('It is not loaded: the first answer waits for that.')] : [];
}
