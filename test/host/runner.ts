// A small replacement for node:test inside the extension host, where node:test would write to a stream that
// nothing reads and start by itself. `it` outside `describe` is allowed.
type Step = () => void | Promise<void>;

interface Test {
  name: string;
  body: Step;
  timeoutMs: number;
  skip: string | undefined;
}

interface Suite {
  name: string;
  before: Step[];
  after: Step[];
  beforeEach: Step[];
  afterEach: Step[];
  tests: Test[];
}

const DEFAULT_TIMEOUT_MS = 20_000;
const suites: Suite[] = [newSuite('')];

function newSuite(name: string): Suite {
  return { name, before: [], after: [], beforeEach: [], afterEach: [], tests: [] };
}

function current(): Suite {
  return suites.at(-1)!;
}

export function describe(name: string, body: () => void): void {
  suites.push(newSuite(name));
  body();
  suites.push(newSuite(''));
}

export function it(name: string, body: Step, options: { timeoutMs?: number; skip?: string } = {}): void {
  current().tests.push({
    name,
    body,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    skip: options.skip,
  });
}

export const before = (step: Step): unknown => current().before.push(step);
export const after = (step: Step): unknown => current().after.push(step);
export const beforeEach = (step: Step): unknown => current().beforeEach.push(step);
export const afterEach = (step: Step): unknown => current().afterEach.push(step);

/**
 * Rejects after `timeoutMs`: a command that waits for a click must fail its test, not block the whole run.
 */
async function within(timeoutMs: number, step: Step): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([(async () => step())(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

async function all(steps: Step[]): Promise<void> {
  for (const step of steps) await within(DEFAULT_TIMEOUT_MS, step);
}

async function runTest(suite: Suite, test: Test): Promise<void> {
  try {
    await all(suite.beforeEach);
    await within(test.timeoutMs, test.body);
  } finally {
    await all(suite.afterEach);
  }
}

class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  async count(name: string, step: Step): Promise<void> {
    const started = Date.now();
    try {
      await step();
      this.passed++;
      console.log(`✔ ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      this.failed++;
      console.log(`✖ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  skip(test: Test): void {
    this.skipped++;
    console.log(`﹣ ${test.name} # ${test.skip}`);
  }
}

/** Only a failing hook is reported and counted. */
async function hooks(tally: Tally, suite: Suite, which: 'before' | 'after'): Promise<boolean> {
  try {
    await all(suite[which]);
    return true;
  } catch (error) {
    await tally.count(`${suite.name}: ${which}`, () => Promise.reject(error));
    return false;
  }
}

async function runSuite(tally: Tally, suite: Suite, tests: Test[]): Promise<void> {
  if (suite.name) console.log(`▶ ${suite.name}`);
  if (await hooks(tally, suite, 'before')) {
    for (const test of tests) {
      if (test.skip) tally.skip(test);
      else await tally.count(test.name, () => runTest(suite, test));
    }
  }
  await hooks(tally, suite, 'after');
}

/**
 * Called by VS Code, and by @vscode/test-electron. CODEWORM_GREP in the environment selects tests by a
 * regular expression on "suite test". test/support/hostStage.ts reads the first and the last line of the
 * output; the rest is VS Code's own.
 */
export async function run(): Promise<void> {
  console.log('host: begin');
  const wanted = new RegExp(process.env['CODEWORM_GREP'] ?? '', 'i');
  const tally = new Tally();
  for (const suite of suites) {
    const tests = suite.tests.filter((test) => wanted.test(`${suite.name} ${test.name}`));
    if (tests.length > 0) await runSuite(tally, suite, tests);
  }
  console.log(`host: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  if (tally.failed > 0) throw new Error(`${tally.failed} host tests failed`);
}
