import { localizable } from '../ollama/index.ts';
import type { Diagnosis, Finding } from './diagnose.ts';
import { explainProblem } from './explainProblem.ts';
import { howToStart } from './remedies.ts';
import type { Explanation } from './explanation.ts';

/** The conclusion and the one thing to do, for a message and for the start of the report. */
export function conclusionOf(diagnosis: Diagnosis): Explanation {
  const { findings, recommended, canStart, machine } = diagnosis;
  const [{ verdict }] = findings;
  const finding = findingOf(findings[0]);
  if (recommended !== undefined)
    return { summary: finding, fix: localizable('A server answers at {0}: use this address.', recommended) };
  if (verdict.kind === 'working') return { summary: finding, fix: verdict.fix };
  if (canStart)
    return {
      summary: localizable('Ollama is installed on this machine, and does not run at {0}.', canStart.address),
      fix: howToStart(machine.platform),
    };
  return { summary: finding, fix: verdict.fix };
}

/** For a working server its most serious problem, else the verdict. */
function findingOf({ verdict }: Finding): Explanation['summary'] {
  if (verdict.kind !== 'working') return verdict.summary;
  const [first] = verdict.server.problems;
  return first ? explainProblem(first, verdict.server.origin).summary : verdict.summary;
}
