/** The public entry point of the diagnosis. The rest of the extension imports only from here. */
export { reasonMessage, type CandidateReason } from './candidates.ts';
export { conclusionOf } from './conclusion.ts';
export { diagnose, type Diagnosis, type DiagnosisInput, type Finding, type Startable } from './diagnose.ts';
export type { Translate } from './inert.ts';
export { machineMemory, type Machine } from './machine.ts';
export { findOllama } from './ollamaProgram.ts';
export { explainProblem as problemWords } from './explainProblem.ts';
export { redact, redactor, type Identity } from './redact.ts';
export { reportOf, type ReportFacts } from './report.ts';
export type { ServerProblem, ServerSeen } from './server.ts';
export { startOllama, type Started, type StartRequest } from './startOllama.ts';
export { userIdentity } from './userIdentity.ts';
export type { Verdict } from './verdict.ts';
export type { Explanation } from './explanation.ts';
