import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

/** Forbidden imports, each in a file of a small project. */
const forbidden = {
  'src/http/a.ts': `import * as vscode from 'vscode';`,
  'src/http/b.ts': `import { classify } from '../ollama/errors/classify.ts';`,
  'src/ollama/a.ts': `import * as vscode from 'vscode';`,
  'src/ollama/b.ts': `import { config } from '../config/configuration.ts';`,
  'src/ollama/api/a.ts': `import { config } from '../../config/configuration.ts';`,
  'src/diagnosis/a.ts': `import * as vscode from 'vscode';`,
  'src/diagnosis/b.ts': `import { Api } from '../ollama/api/api.ts';`,
  'src/diagnosis/c.ts': `import { config } from '../config/configuration.ts';`,
  'src/diagnosis/d.ts': `import { buildPrompt } from '../prompts/prompt.ts';`,
  'src/text/a.ts': `import { outline } from '../code/outline.ts';`,
  'src/code/a.ts': `import * as vscode from 'vscode';`,
  'src/code/b.ts': `import { buildPrompt } from '../prompts/prompt.ts';`,
  'src/prompts/a.ts': `import * as vscode from 'vscode';`,
  'src/prompts/b.ts': `import { OllamaClient } from '../ollama/index.ts';`,
  'src/prompts/c.ts': `import fs from 'node:fs';`,
  'src/answers/a.ts': `import * as vscode from 'vscode';`,
  'src/answers/b.ts': `import { OllamaClient } from '../ollama/index.ts';`,
  'src/completion/engine/a.ts': `import * as vscode from 'vscode';`,
  'src/completion/engine/b.ts': `import { Provider } from '../provider.ts';`,
  'src/completion/engine/c.ts': `import { OllamaClient } from '../../ollama/index.ts';`,
  'src/completion/engine/d.ts': `import fs from 'node:fs';`,
  'src/completion/engine/trim/a.ts': `import * as vscode from 'vscode';`,
  'src/completion/engine/trim/b.ts': `import { Provider } from '../../provider.ts';`,
  'src/completion/engine/trim/c.ts': `import { OllamaClient } from '../../../ollama/index.ts';`,
  'src/commands/a.ts': `import { Transport } from '../http/transport.ts';`,
  'src/commands/b.ts': `import { probe } from '../diagnosis/probe.ts';`,
  'src/commands/d.ts': `import { run } from './c.ts';`,
  'src/commands/e.ts': `import { run } from '../commands/c.ts';`,
  'src/commands/index.ts': `import { Api } from '../ollama/api/api.ts';`,
  'src/generation/a.ts': `import { run } from '../commands/c.ts';`,
  'src/editor/a.ts': `import { Api } from '../ollama/api/api.ts';`,
  'src/a.ts': `import { Transport } from './http/transport.ts';`,
};
const allowed = {
  'src/http/c.ts': `import http from 'node:http';\nimport { a } from './a.ts';`,
  'src/ollama/c.ts': `import http from 'node:http';\nimport { a } from './a.ts';\nimport { b } from '../http/b.ts';`,
  'src/ollama/api/b.ts': `import { b } from '../../http/b.ts';\nimport { a } from '../a.ts';`,
  'src/diagnosis/e.ts': `import os from 'node:os';\nimport { OllamaClient } from '../ollama/index.ts';\nimport { a } from './a.ts';`,
  'src/code/c.ts': `import { a } from '../text/a.ts';`,
  'src/prompts/d.ts': `import { a } from './a.ts';\nimport { c } from '../code/c.ts';`,
  'src/answers/c.ts': `import { c } from '../code/c.ts';`,
  'src/completion/engine/e.ts': `import { c } from '../../code/c.ts';\nimport { d } from './trim/d.ts';`,
  'src/completion/engine/trim/d.ts': `import { c } from '../../../code/c.ts';\nimport { e } from '../languages.ts';`,
  'src/commands/c.ts': `import * as vscode from 'vscode';\nimport { OllamaClient } from '../ollama/index.ts';`,
  'src/b.ts': `import { OllamaClient } from './ollama/index.ts';`,
};

describe('the boundaries between folders', () => {
  let project = '';
  before(() => {
    project = mkdtempSync(join(tmpdir(), 'codeworm-boundaries-'));
    // Without the type-aware rules, which need packages that this project does not have.
    const { options: _, ...rules } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(join(project, '.oxlintrc.json'), JSON.stringify(rules));
    for (const [file, text] of Object.entries({ ...forbidden, ...allowed })) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), `${text}\n`);
    }
  });
  after(() => rmSync(project, { recursive: true }));

  it('lint refuses every import across a boundary, and only those', () => {
    const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format=unix', 'src'], {
      cwd: project,
      encoding: 'utf8',
    });
    const refused = stdout.split('\n').filter((line) => line.includes('no-restricted-imports'));
    const files = new Set(
      refused.map((line) => /src[\\/][\w\\/.]+?\.ts/.exec(line)?.[0].replaceAll('\\', '/')),
    );
    assert.deepEqual([...files].map(String).toSorted(), Object.keys(forbidden).toSorted());
  });
});
