/** The client's public entry point. The rest of the extension imports only from here. */
export { OllamaClient } from './client.ts';
export type { ClientDependencies } from './generate/dependencies.ts';
export type { CommonDependencies } from '../http/client/dependencies.ts';
export type { ModelClient, PromptBudget } from '../http/client/modelClient.ts';
export type { ModelAbilities, ServerCapabilities, Slots } from '../http/client/capabilities.ts';
export {
  OllamaApprovalError,
  OllamaConnectionError,
  OllamaContextError,
  OllamaError,
  OllamaModelError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaSettingsError,
  OllamaTimeoutError,
  type ErrorKind,
} from '../http/errors.ts';
export { isFields } from '../http/json.ts';
export { codeOf as systemErrorCode } from '../http/networkErrors.ts';
export { clip } from '../http/serverText.ts';
export type {
  ChatMessage,
  GenerateRequest,
  GenerationResult,
  Phase,
  StreamEvent,
  ToolCall,
  ToolDefinition,
} from '../http/client/generation.ts';
export type { Guard } from '../http/guard.ts';
export type { Logger } from '../http/logger.ts';
export { parseBaseUrl } from '../http/client/serverUrl.ts';
export { isLoopback } from '../http/loopback.ts';
export { SecretFilter } from '../http/secrets.ts';
export { toTimer } from '../http/idleTimer.ts';
export { abortable } from '../http/abortable.ts';
export { delay } from '../http/delay.ts';
export type { LoadedModel, ModelSummary, PullPhase, PullProgress } from '../http/client/models.ts';
export { canComplete, chooseModel } from './api/models.ts';
export { outdatedServer } from './api/serverVersion.ts';
export { isModelName, isPlainModelName } from '../http/client/plainName.ts';
export { isLikelyOllama, otherPorts, usualPort } from './likelyAddress.ts';
export { remoteHostOf, sameModel } from './modelName.ts';
export { OwnWindows } from './generate/contextWindows.ts';
export { ThinkSupport, type Think } from './generate/thinkSupport.ts';
export { unfitnessOf, type Unfitness } from '../http/client/modelUse.ts';
export { defaultRetryPolicy, type RetryPolicy } from '../http/client/retry.ts';
export { localizable, quoteOf, type LocalizableMessage } from '../http/message.ts';
export {
  checkSetting,
  checkSettings,
  defaultSettings,
  parseKeepAlive,
  type OllamaSettings,
} from '../http/client/settings.ts';
export type { Fetch } from '../http/transport.ts';
