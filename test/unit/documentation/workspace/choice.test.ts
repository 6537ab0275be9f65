/** Choosing pages of a plan, their cost, and the weeks and months of summaries. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { inOrder } from '../../../../src/documentation/workspace/runRecord.ts';
import { estimateOf } from '../../../../src/documentation/workspace/estimate.ts';
import { PageTree, type PlanNode } from '../../../../src/documentation/workspace/pageTree.ts';
import type { ItemState, PlanItem } from '../../../../src/documentation/workspace/planItem.ts';
import {
  lastPeriods,
  periodAt,
  periodOf,
  summaryItem,
} from '../../../../src/documentation/workspace/summaryPeriods.ts';
import { summaryKinds, summaryPrompt, type SummaryFacts } from '../../../../src/prompts/summaries.ts';

const item = (path: string, symbol: string, score: number, state: ItemState = 'missing'): PlanItem => ({
  path,
  symbol,
  score,
  state,
  kind: 'function',
  languageId: 'typescript',
  lines: { start: 0, end: 9 },
  reasons: [],
});
const names = (nodes: PlanNode[]): string[] =>
  nodes.map((node) => (node.kind === 'page' ? (node.item.symbol ?? '') : node.path));

describe('the tree of a plan', () => {
  const items = [
    item('src/a/x.ts', 'best', 90),
    item('src/y.ts', 'second', 80, 'stale'),
    item('src/a/x.ts', 'third', 70, 'current'),
    item('z.ts', 'last', 60),
    item('', '2026-W05', 50),
  ];

  test('has folders, files and pages, the best first', () => {
    const tree = new PageTree(items);
    assert.deepEqual(names(tree.children()), ['src', 'z.ts', '2026-W05']);
    assert.deepEqual(names(tree.children({ kind: 'folder', path: 'src' })), ['src/a', 'src/y.ts']);
    assert.deepEqual(names(tree.children({ kind: 'file', path: 'src/a/x.ts' })), ['best', 'third']);
    assert.deepEqual(tree.parent({ kind: 'page', item: items[0]! }), { kind: 'file', path: 'src/a/x.ts' });
    assert.deepEqual(tree.parent({ kind: 'file', path: 'src/a/x.ts' }), { kind: 'folder', path: 'src/a' });
    assert.equal(tree.parent({ kind: 'file', path: 'z.ts' }), undefined);
  });

  test('the best are missing or stale', () => {
    const tree = new PageTree(items);
    tree.chooseBest(3);
    assert.deepEqual(
      tree.chosen.map(({ symbol }) => symbol),
      ['best', 'second', 'last'],
    );
    tree.chooseBest(1);
    assert.deepEqual(
      tree.chosen.map(({ symbol }) => symbol),
      ['best'],
    );
  });

  test('folders count the chosen items in them, for any choice', () => {
    const paths = fc.constantFrom('a.ts', 'b/a.ts', 'b/c/a.ts', 'b/c/d.ts', 'e/f.ts');
    const steps = fc.array(
      fc.tuple(fc.constantFrom('', 'b', 'b/c', 'b/c/d.ts', 'e/f.ts', 'a.ts'), fc.boolean()),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.array(paths, { minLength: 1, maxLength: 30 }), steps, (all, choices) => {
        const pages = all.map((path, index) => item(path, `f${index}`, 100 - index));
        const tree = new PageTree(pages);
        const expected = new Set<PlanItem>();
        for (const [path, isChosen] of choices) {
          for (const kind of ['folder', 'file'] as const) tree.choose({ kind, path }, isChosen);
          for (const page of pages.filter(
            (one) => path === '' || one.path === path || one.path.startsWith(`${path}/`),
          ))
            if (isChosen) expected.add(page);
            else expected.delete(page);
        }
        assert.deepEqual(
          tree.chosen,
          pages.filter((page) => expected.has(page)),
        );
        const walk = (node?: PlanNode): PlanItem[] =>
          node?.kind === 'page'
            ? [node.item]
            : tree.children(node).flatMap((child) => {
                const below = walk(child);
                assert.deepEqual(tree.count(child), {
                  pages: below.length,
                  chosen: below.filter((one) => expected.has(one)).length,
                });
                return below;
              });
        assert.deepEqual(new Set(walk()), new Set(pages));
      }),
    );
  });
});

describe('the order of a run', () => {
  test('is that of the plan, with the pages of a file in succession, and each page once', () => {
    const [one, two, three] = [item('b.ts', 'one', 9), item('a.ts', 'two', 8), item('b.ts', 'three', 7)];
    assert.deepEqual(inOrder([one, two, three, { ...one, score: 1 }]), [one, three, two]);
  });
});

describe('the estimate', () => {
  const lines = (): number => 100;

  test('counts tokens always, and time only where speeds were measured', () => {
    const pages = [item('a.ts', 'one', 1), item('a.ts', 'two', 1), item('b.ts', 'three', 1)];
    const unknown = estimateOf(pages, lines, 8192, undefined);
    assert.deepEqual([unknown.pages, unknown.promptTokens, unknown.writtenTokens], [3, 4200, 2100]);
    assert.equal('seconds' in unknown, false);
    const known = estimateOf(pages, lines, 8192, {
      promptPerSecond: 100,
      writtenPerSecond: 10,
      pageTokens: 500,
    });
    assert.equal(known.writtenTokens, 1500);
    assert.equal(known.seconds, (1400 + 400 + 1400) / 100 + 150);
  });

  test('a file that does not fit into the window is read again for each page', () => {
    const speed = { promptPerSecond: 1, writtenPerSecond: 1, pageTokens: 0 };
    const pages = [item('a.ts', 'one', 1), item('a.ts', 'two', 1)];
    assert.equal(estimateOf(pages, () => 100_000, 4096, speed).seconds, 2 * 4096);
  });

  test('no page reads more than fits into the window', () => {
    assert.equal(
      estimateOf([item('a.ts', 'one', 1)], () => 100_000, 4096, undefined).promptTokens,
      4096 - 700,
    );
  });
});

describe('the weeks and months of summaries', () => {
  test('are those of ISO 8601, with the years of their Thursdays', () => {
    const week = (date: string): string => periodAt('week', Date.parse(date)).name;
    assert.deepEqual(
      ['2021-01-03', '2021-01-04', '2020-12-31', '2018-12-31', '2026-11-28', '2027-01-01'].map(week),
      ['2020-W53', '2021-W01', '2020-W53', '2019-W01', '2026-W48', '2026-W53'],
    );
    assert.equal(periodAt('month', Date.parse('2024-02-29T23:59:59Z')).name, '2024-02');
    assert.deepEqual(
      lastPeriods('month', Date.parse('2026-02-10')).map(({ name }) => name),
      ['2026-02', '2026-01', '2025-12'],
    );
  });

  test('follow one another without a gap, and are found by their names', () => {
    const time = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...summaryKinds), time, (kind, date) => {
        const period = periodAt(kind, date.getTime());
        assert.ok(period.from <= date.getTime() && date.getTime() < period.to);
        assert.deepEqual(periodOf(kind, period.name), period);
        assert.equal(periodAt(kind, period.to).from, period.to);
      }),
    );
    for (const wrong of ['2026-W54', '2026-13', 'x', '2026-W00', ''])
      assert.equal(periodOf('week', wrong), undefined);
  });

  test('a missing summary with commits comes early, an existing one does not', () => {
    const period = periodAt('week', 0);
    assert.ok(summaryItem(period, 10, 'missing').score > summaryItem(period, 10, 'current').score);
    assert.equal(summaryItem(period, 10, 'missing').symbol, '1970-W01');
  });
});

describe('the prompt of a summary', () => {
  const commit = (number: number): SummaryFacts['commits'][number] => ({
    hash: `abcdef0${number}`,
    date: '2026-01-31',
    subject: `Change ${number}`,
    body: 'Because of \u0007this.\nAnd that.',
    files: [{ path: 'src/a`.ts', added: 3, removed: 1 }, { path: 'pic.png' }],
  });
  const facts: SummaryFacts = {
    kind: 'week',
    period: '2026-W05',
    from: '2026-01-26',
    to: '2026-02-01',
    commits: [commit(1), commit(2), commit(3), commit(4)],
    stale: ['src/old.ts'],
  };

  test('has commits with their changes, stale pages, and the headings', () => {
    const { prompt, leftOut } = summaryPrompt(facts, () => true);
    assert.equal(leftOut, 0);
    for (const part of [
      'abcdef01 2026-01-31 Change 1',
      'Because of  this. And that.',
      '`` src/a`.ts `` +3 -1',
      '`pic.png` (binary)',
      '- `src/old.ts`',
      '## What Changed\n## Why',
    ])
      assert.ok(prompt.includes(part), part);
  });

  test('the newest commits stay if not all have room, with a note', () => {
    const { prompt, leftOut } = summaryPrompt(facts, (text) => text.split('Because of').length <= 3);
    assert.equal(leftOut, 2);
    assert.ok(prompt.includes('Change 1') && prompt.includes('Change 2') && !prompt.includes('Change 3'));
    assert.ok(prompt.includes('2 older commits are left out here.'));
    assert.equal(summaryPrompt(facts, () => false).leftOut, 4);
  });
});
