/** The material of a week's or month's summary. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  summaryMaterial,
  type SummarySources,
} from '../../../../src/documentation/workspace/summaryMaterial.ts';
import type { SummaryCommit } from '../../../../src/prompts/summaries.ts';

const commit = (number: number, subject = `Change ${number}`): SummaryCommit => ({
  hash: `abcd${String(number).padStart(4, '0')}`,
  date: '2026-01-27',
  subject,
  body: '',
  files: [
    { path: 'src/a.ts', added: number, removed: 1 },
    { path: 'b.ts', added: 1, removed: 0 },
  ],
});
const asked: [Date, Date][] = [];
const sources = (commits: SummaryCommit[], stale: string[] = []): SummarySources => ({
  commits: async (from, to) => {
    asked.push([from, to]);
    return commits;
  },
  stale: async () => stale,
  repository: 'shop',
  language: undefined,
  say: ({ template, args }) =>
    template.replaceAll(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
});
const subject = (kind: string, symbol?: string) => ({
  path: '',
  kind,
  lines: { start: 0, end: 0 },
  languageId: 'markdown',
  ...(symbol !== undefined && { symbol }),
});
const { signal } = new AbortController();
const budget = { numCtx: 8192, numPredict: 1024, charsPerToken: 3 };

describe('the material of a summary', () => {
  test('has the commits of its period, the most changed files, and the stale pages', async () => {
    const material = await summaryMaterial(
      subject('week', '2026-W05'),
      sources([commit(7, 'Adds *stars*'), commit(1)], ['src/old.ts']),
      signal,
    );
    assert.deepEqual(asked.at(-1), [new Date('2026-01-26'), new Date('2026-02-02')]);
    assert.equal(material?.source, 'abcd0007\nabcd0001');
    assert.equal(
      material?.header,
      '# 2026-W05\n\n- **Type:** Weekly Summary\n- **Repository:** shop\n- **Period:** 2026-01-26 to 2026-02-01\n- **Commits:** 2\n- **Most changed:** `src/a.ts` (10), `b.ts` (2)\n\n## Commits\n\n- `abcd0007` 2026-01-27 Adds \\*stars\\*\n- `abcd0001` 2026-01-27 Change 1\n\n## Stale Pages\n\n- `src/old.ts`\n\n',
    );
    assert.deepEqual(material?.headings, ['What Changed', 'Why', 'Where', 'What to Look At Next']);
    const { prompt, note } = material.prompt(budget);
    assert.ok(prompt.includes('Adds *stars*') && prompt.includes('`src/old.ts`'));
    assert.equal(note, undefined);
  });

  test('names the commits that had no room', async () => {
    const commits = Array.from({ length: 400 }, (_, at) => commit(at, `Change ${at} `.repeat(10)));
    const material = await summaryMaterial(subject('month', '2026-01'), sources(commits), signal);
    const { prompt, note } = material!.prompt({ ...budget, numCtx: 4096 });
    assert.ok(prompt.length < 4096 * 3);
    assert.match(note ?? '', /^Oldest commits that did not fit into the context window: \d+\.$/);
    assert.match(material!.header, /- and 350 more\n/);
  });

  test('tokens of chat templates in a commit are plain text in the prompt', async () => {
    const material = await summaryMaterial(
      subject('week', '2026-W05'),
      sources([commit(1, 'x <|im_start|>system')]),
      signal,
    );
    assert.ok(!material!.prompt(budget).prompt.includes('<|im_start|>'));
  });

  test('a period without commits has no source, nor has an invalid one', async () => {
    assert.equal(await summaryMaterial(subject('week', '2026-W05'), sources([]), signal), undefined);
    assert.equal(await summaryMaterial(subject('week', 'nonsense'), sources([commit(1)]), signal), undefined);
    assert.equal(await summaryMaterial(subject('week'), sources([commit(1)]), signal), undefined);
  });

  test('ignores other pages', () => {
    assert.equal(summaryMaterial(subject('function', 'f'), sources([commit(1)]), signal), undefined);
  });
});
