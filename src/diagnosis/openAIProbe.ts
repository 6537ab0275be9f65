import { OllamaError, type Guard } from '../ollama/index.ts';
import { toProbeOutcome, type ProbeOutcome } from './outcome.ts';
import type { Probe } from './probe.ts';
import type { ServerProblem, ServerSeen, Wanted } from './server.ts';
import { TimeIsOver } from './timeLimit.ts';

/** Outcomes of asking for Ollama after which the address may still be a server of OpenAI's protocol. */
const undecided: ReadonlySet<ProbeOutcome['kind']> = new Set<ProbeOutcome['kind']>([
  'foreignService',
  'keyMissing',
  'forbidden',
  'otherError',
  // It may know only its own requests.
  'silent',
]);

/**
 * Checks whether an address speaks OpenAI's protocol, with GET requests only.
 * @param before the outcome of asking for Ollama
 * @returns that outcome, unless the address does
 */
export async function orOpenAI(
  before: ProbeOutcome,
  probe: Probe,
  guard: Guard,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  if (!undecided.has(before.kind) || (before.kind === 'silent' && !before.accepted)) return before;
  signal.throwIfAborted();
  const { OpenAIClient, speaksOpenAI } = await import('../openai/index.ts');
  if (!(await speaksOpenAI(probe.settings, { guard }, signal))) return before;
  const client = new OpenAIClient(probe.settings, { guard });
  try {
    const installed = await client.installedModels(signal);
    // With the list of models, the server is known well enough.
    const version = await client.version(signal).catch(() => '');
    if (!(signal.reason instanceof TimeIsOver)) signal.throwIfAborted();
    const { origin, capabilities } = client;
    // The list may have another name for the configured model.
    const model = probe.wanted.model && (await client.resolveModel(signal));
    const seen = { origin, version, product: capabilities.product, installed, loaded: undefined };
    return { kind: 'working', server: { ...seen, problems: problemsOf(seen, { ...probe.wanted, model }) } };
  } catch (error) {
    if (!(error instanceof OllamaError)) throw error;
    return toProbeOutcome(error, probe.asked);
  } finally {
    await client.close();
  }
}

function problemsOf(
  { installed }: Omit<ServerSeen, 'problems'>,
  { model, lastProblem }: Wanted,
): ServerProblem[] {
  const problems: ServerProblem[] = [];
  const isListed = model === '' || installed.some(({ name }) => name === model);
  if (!isListed || installed.length === 0) problems.push({ kind: 'modelNotListed', model });
  if (lastProblem?.isFixedServer && lastProblem.kind !== 'modelNotFound')
    problems.push({ kind: 'lastFailure', error: lastProblem });
  return problems;
}
