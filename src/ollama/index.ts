/** The only door to the client: everything else in the extension imports from here. */
export { OllamaClient, type ClientParts } from './client.ts';
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
} from './errors.ts';
export { codeOf as systemErrorCode } from './failure.ts';
export type { Exchanged, GenerateRequest, GenerationResult, StreamPart } from './generation.ts';
export type { Guard } from './guard.ts';
export type { Logger } from './logger.ts';
export { isLoopback } from './loopback.ts';
export type { LoadedModel, ModelSummary } from './models.ts';
export { canComplete, chooseModel, remoteHostOf, sameModel } from './models.ts';
export type { Phase } from './phases.ts';
export type { PullPhase, PullProgress } from './pull.ts';
export { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
export { sentence, type Sentence } from './sentence.ts';
export {
  checkSettings,
  defaultSettings,
  parseBaseUrl,
  parseKeepAlive,
  type OllamaSettings,
} from './settings.ts';
export type { Fetch } from './transport.ts';
