export type { Fault } from './faults.ts';
export type { Gate } from './gates.ts';
export { outOfMemoryTexts } from './problems.ts';
export type { RecordedRequest } from './record.ts';
export { loadRecordings, type Recording } from './recordings.ts';
export { startRawServer, type RawRequest, type RawServer } from './rawServer.ts';
export { startReplay } from './replay.ts';
export { OllamaDouble, startDouble } from './server.ts';
export type { AnswerRequest, DoubleOptions, ModelSpec } from './types.ts';
