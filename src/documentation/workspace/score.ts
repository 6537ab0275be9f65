import type { ItemState, Reason } from './planItem.ts';

/** The facts about a function, class or file that may get a page. */
export interface Traits {
  complexity: number | undefined;
  lines: number;
  /** Number of other files that contain its name. */
  uses: number | undefined;
  /** Number of commits of its file in the examined period; `undefined` without Git. */
  commits: number | undefined;
  /** Days since the latest commit. */
  daysSinceChange: number | undefined;
  hasDocComment: boolean;
  isTest: boolean;
  state: ItemState;
}

/**
 * Most points per rule; the README names each. They are added, so that a user understands why one page comes
 * before another.
 */
const most = {
  complexity: 30,
  length: 20,
  uses: 20,
  commits: 15,
  recent: 10,
  noDocComment: 10,
  page: 10,
  test: -25,
};

export type ScoreRule = keyof typeof most;

/** Why a page is worth writing, the most important reason first. Rules without points are omitted. */
export function reasonsFor(traits: Traits): Reason[] {
  const { complexity, lines, uses, commits, daysSinceChange, hasDocComment, isTest, state } = traits;
  const all: Reason[] = [
    // A function of complexity 1 has a single path, and needs no explanation of it.
    rule('complexity', (complexity ?? 1) - 1, complexity),
    rule('length', lines / 10, lines),
    rule('uses', 4 * Math.log2(1 + (uses ?? 0)), uses),
    rule('commits', 3 * Math.log2(1 + (commits ?? 0)), commits),
    rule('recent', recency(daysSinceChange), daysSinceChange),
    rule('noDocComment', hasDocComment ? 0 : most.noDocComment),
    rule('page', pagePoints(state)),
    shared('test', isTest ? most.test : 0, undefined),
  ];
  return all
    .filter(({ points }) => points !== 0)
    .toSorted((one, other) => Math.abs(other.points) - Math.abs(one.points));
}

export function scoreOf(reasons: readonly Reason[]): number {
  return Math.max(
    0,
    reasons.reduce((sum, { points }) => sum + points, 0),
  );
}

function rule(name: ScoreRule, points: number, value?: number): Reason {
  return shared(name, Math.max(0, Math.min(most[name], Math.round(points))), value);
}

/** A plan has a million reasons, but few different ones. */
const known = new Map<string, Reason>();
const mostKnown = 50_000;

function shared(name: ScoreRule, points: number, value: number | undefined): Reason {
  const key = `${name} ${points} ${value}`;
  const found = known.get(key);
  if (found) return found;
  const reason = Object.freeze({ rule: name, points, ...(value !== undefined && { value }) });
  if (known.size >= mostKnown) known.clear();
  known.set(key, reason);
  return reason;
}

/** Halved every month: recently changed code is what the team works on. */
function recency(days: number | undefined): number {
  return days === undefined ? 0 : most.recent * 2 ** (-Math.max(0, days) / 30);
}

function pagePoints(state: ItemState): number {
  switch (state) {
    case 'missing':
    case 'failed':
      return most.page;
    case 'stale':
      return most.page - 2;
    case 'current':
    case 'edited':
    case 'gone':
      return 0;
  }
}

/** Whether a path is that of a test, an example or a fixture. */
export function isTestPath(path: string): boolean {
  return (
    /(?:^|\/)(?:tests?|__tests__|spec|specs|testdata|fixtures?|mocks?|__mocks__|e2e|examples?|samples?|benchmarks?)\//i.test(
      path,
    ) ||
    /(?:[._-](?:test|tests|spec|bench|stories|mock)\.[^./]+|(?:^|\/)test_[^/]+|(?:Test|Tests|Spec)\.[^./]+)$/.test(
      path,
    )
  );
}
