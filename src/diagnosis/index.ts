/** The only door to the diagnosis of a connection: everything else in the extension imports from here. */
export { diagnose, type Diagnosis, type DiagnosisInput, type Finding, type Startable } from './diagnose.ts';
