export type { Fault, LineMap } from './faults.ts';
export type { Gate, HoldPoint, RequestMatch } from './gates.ts';
export { outOfMemoryTexts } from './problems.ts';
export type { CutKind, RecordedRequest, RequestBody, RequestState } from './record.ts';
export { loadRecordings, type Recording } from './recordings.ts';
export { startRawServer, type RawHandler, type RawRequest, type RawServer } from './rawServer.ts';
export { startReplay, type Replay, type ReplayOptions } from './replay.ts';
export { OllamaDouble, startDouble, type LoadedModel } from './server.ts';
export type {
  Answer,
  AnswerFunction,
  AnswerRequest,
  DoubleOptions,
  DoubleSettings,
  ModelSpec,
  PullStep,
} from './types.ts';
