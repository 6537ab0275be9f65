import * as vscode from 'vscode';
import { remediesFor } from '../ui/errorActions.ts';
import { tell, warn } from '../ui/notifications.ts';
import { OllamaConnectionError, OllamaModelNotFoundError } from '../ollama/index.ts';
import type { Parts } from '../services.ts';
import { isDemo, type ServerFacts } from '../status/status.ts';
import { errorSentence } from '../ui/localize.ts';
import { startRemedies } from './diagnosisRemedies.ts';

/** Looks at the server now and says what it found, in one sentence. */
export async function checkHealth(parts: Parts): Promise<void> {
  const { monitor } = parts;
  await monitor.probeForSure();
  const { facts } = monitor;
  if (facts.problem) return warn(errorSentence(facts.problem), remediesFor(facts.problem));
  if (!facts.online) {
    const message = vscode.l10n.t(
      'Ollama does not answer at {0}: start it, or check the address.',
      facts.origin,
    );
    const error = new OllamaConnectionError(message, { kind: 'unreachable' });
    return warn(message, [...(await startRemedies(parts, error)), ...remediesFor(error)]);
  }
  if (facts.modelInstalled) return tell(healthLine(facts));
  const missing = new OllamaModelNotFoundError(healthLine(facts), facts.model ?? '');
  warn(healthLine(facts), remediesFor(missing));
}

function healthLine(facts: ServerFacts): string {
  const server =
    `${isDemo(facts) ? vscode.l10n.t('The demo server') : 'Ollama'} ${facts.version ?? ''}`.trim();
  if (!facts.modelInstalled)
    return vscode.l10n.t(
      '{0} answers at {1}, but the model {2} is not installed.',
      server,
      facts.origin,
      facts.model ?? '',
    );
  if (facts.remoteHost)
    return vscode.l10n.t(
      '{0} answers at {1}; {2} does not run there, but on {3}.',
      server,
      facts.origin,
      facts.model ?? '',
      facts.remoteHost,
    );
  return facts.loaded
    ? vscode.l10n.t('{0} answers at {1}; {2} is loaded.', server, facts.origin, facts.model ?? '')
    : vscode.l10n.t(
        '{0} answers at {1}; {2} will be loaded by the next question.',
        server,
        facts.origin,
        facts.model ?? '',
      );
}
