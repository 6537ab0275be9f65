// Bundles the host suites (test/host), runs them in the VS Code of test/support/vscode, and formats their
// output.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { buildHostTests } from '../../esbuild.mjs';
import { failures, type Counts } from './counts.ts';
import { removeFolder, temporaryFolder } from './vscode/cleanup.ts';
import { runHostTests } from './vscode/hostTests.ts';
import { root } from './vscode/npm.ts';

const BUNDLE = join(root, 'out', 'host', 'index.js');
const END = /^host: (\d+) passed, (\d+) failed, (\d+) skipped$/;

/** VS Code's extension host formats stack traces itself and does not use source maps. */
function sourceMapper(): (line: string) => string {
  const map = new SourceMap(JSON.parse(readFileSync(`${BUNDLE}.map`, 'utf8')));
  return (line) =>
    line.replace(/[^\s()]*out[\\/]host[\\/]index\.js:(\d+):(\d+)/g, (place, row, column) => {
      const origin = map.findEntry(Number(row) - 1, Number(column) - 1);
      if (!('originalSource' in origin)) return place;
      const file = origin.originalSource.replace(/^(\.\.\/)+/, '');
      return `${file}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
    });
}

/** Prints only the suites' output: from the runner's first line to its last. */
function printer(print: (text: string) => void): {
  onLine: (line: string) => void;
  counts: () => Counts | undefined;
} {
  const mapped = sourceMapper();
  let printing = false;
  let counts: Counts | undefined;
  const onLine = (line: string): void => {
    const end = END.exec(line);
    if (end) {
      counts = { passed: Number(end[1]), failed: Number(end[2]), skipped: Number(end[3]) };
      printing = false;
    }
    if (printing) print(`${mapped(line)}\n`);
    if (line === 'host: begin') printing = true;
  };
  return { onLine, counts: () => counts };
}

/** `grep` selects tests by a regular expression on "suite test". */
export async function hostStage(grep: string | undefined, print: (text: string) => void): Promise<Counts> {
  await buildHostTests();
  const workspace = temporaryFolder('workspace');
  const { onLine, counts } = printer(print);
  const { exitCode, log } = await runHostTests({
    extensionPath: root,
    testsPath: BUNDLE,
    workspace,
    builtIn: ['git', 'git-base', 'typescript-language-features'],
    env: grep ? { CODEWORM_GREP: grep } : {},
    onLine,
  });
  removeFolder(workspace);
  const result = counts();
  if (result && (exitCode === 0 || result.failed > 0)) return result;
  return failures(`the extension host ended with ${exitCode}; its log is ${keep(log)}`);
}

function keep(log: string[]): string {
  const file = join(root, 'artifacts', 'host.log');
  mkdirSync(join(root, 'artifacts'), { recursive: true });
  writeFileSync(file, log.join('\n'));
  return file;
}
