/**
 * `npm run eval:completion -- --url http://localhost:11434 --model qwen2.5-coder:1.5b-base [--humaneval
 * <single-line.jsonl>] [--folder <your sources>] [--count 200] [--seed 1] [--json]`: measures quality and
 * speed of a model's suggestions. The positions are those of HumanEval-infilling (its file is not part of
 * this project) and lines of your own sources with their rest removed. Uses the extension's prompt, limits
 * and trimming. Stores nothing.
 */
import { parseArgs } from 'node:util';
import { suggesterFor, textOf } from '../support/suggestions.ts';
import { clientFor } from '../support/faults.ts';
import { chooseInfillModel } from '../../src/completion/infillModel.ts';
import type { Answered } from '../../src/completion/request.ts';
import { blankedPlaces, humanEvalPlaces, type TestedPlace } from './evalPlaces.ts';
import { editSimilarity, report, type Tested } from './evalReport.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:11434' },
    model: { type: 'string' },
    humaneval: { type: 'string' },
    folder: { type: 'string' },
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const { model, humaneval, folder } = values;
  if (!model || (!humaneval && !folder))
    throw new Error('Give --model, and --humaneval <file.jsonl> or --folder <sources> or both.');
  const count = Number(values.count);
  const sets: [string, TestedPlace[]][] = [
    ...(humaneval
      ? [['HumanEval-infilling', humanEvalPlaces(humaneval, count)] as [string, TestedPlace[]]]
      : []),
    ...(folder
      ? [[folder, blankedPlaces(folder, count, Number(values.seed))] as [string, TestedPlace[]]]
      : []),
  ];
  for (const [name, places] of sets) {
    if (places.length === 0) throw new Error(`${name} has no places to try.`);
    const tested = await tryAll(model, places);
    console.log(values.json ? JSON.stringify({ name, tested }) : report(name, tested));
  }
}

async function tryAll(model: string, places: readonly TestedPlace[]): Promise<Tested[]> {
  await using client = clientFor(values.url, { model, numCtx: 16_384 });
  let answer: Answered | undefined;
  const suggester = suggesterFor(client, {
    answered: (one) => (answer = one),
    model: async (signal) =>
      chooseInfillModel({
        wanted: model,
        inUse: undefined,
        installed: await client.installedModels(signal),
        memoryBytes: undefined,
        modelInfo: (name) => client.modelInfo(name),
      }),
  });
  const tested: Tested[] = [];
  for (const { place, expected } of places) {
    answer = undefined;
    const outcome = await suggester.suggest(place, new AbortController().signal);
    if (outcome.kind === 'none' && outcome.reason !== 'nothing' && outcome.reason !== 'tokens')
      throw new Error(
        `no suggestion: ${outcome.reason} ${outcome.detail ?? ''} ${outcome.error?.message ?? ''}`,
      );
    const text = outcome.kind === 'shown' ? textOf(outcome) : '';
    const first = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
    tested.push({
      isDropped: text === '',
      isExact: first.trim() === expected.trim(),
      similarity: editSimilarity(first.trim(), expected.trim()),
      waitMs: (answer as Answered | undefined)?.waitMs ?? 0,
      promptTokens: (answer as Answered | undefined)?.promptTokens ?? 0,
      reused: (answer as Answered | undefined)?.reused ?? 0,
    });
  }
  return tested;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
