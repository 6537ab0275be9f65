import { sentence } from '../ollama/index.ts';
import type { Diagnosis, Finding } from './diagnose.ts';
import { problemWords } from './problemWords.ts';
import { howToStart } from './remedies.ts';
import type { Words } from './words.ts';

/** What it comes down to, and the one thing to do: for a message, and for the beginning of the report. */
export function conclusionOf(diagnosis: Diagnosis): Words {
  const { findings, recommended, canStart, machine } = diagnosis;
  const [{ verdict }] = findings;
  const finding = findingOf(findings[0]);
  if (recommended !== undefined)
    return { finding, remedy: sentence('Ollama answers at {0}: use this address.', recommended) };
  if (verdict.kind === 'working') return { finding, remedy: verdict.remedy };
  if (canStart)
    return {
      finding: sentence('Ollama is installed on this machine, and does not run at {0}.', canStart.address),
      remedy: howToStart(machine.platform),
    };
  return { finding, remedy: verdict.remedy };
}

/** Of a server that works, what hinders most; else what was found. */
function findingOf({ verdict }: Finding): Words['finding'] {
  if (verdict.kind !== 'working') return verdict.finding;
  const [first] = verdict.server.problems;
  return first ? problemWords(first, verdict.server.origin).finding : verdict.finding;
}
