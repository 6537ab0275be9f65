import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

/** What must not be imported from where, each in a file of a house of its own. */
const forbidden = {
  'src/ollama/a.ts': `import * as vscode from 'vscode';`,
  'src/ollama/b.ts': `import { config } from '../config.ts';`,
  'src/diagnosis/a.ts': `import * as vscode from 'vscode';`,
  'src/diagnosis/b.ts': `import { Transport } from '../ollama/transport.ts';`,
  'src/diagnosis/c.ts': `import { config } from '../config.ts';`,
  'src/diagnosis/d.ts': `import { codeIn } from '../prompts/codeIn.ts';`,
  'src/prompts/a.ts': `import * as vscode from 'vscode';`,
  'src/prompts/b.ts': `import { OllamaClient } from '../ollama/index.ts';`,
  'src/prompts/c.ts': `import fs from 'node:fs';`,
  'src/commands/a.ts': `import { Transport } from '../ollama/transport.ts';`,
  'src/editor/a.ts': `import { Transport } from '../ollama/transport.ts';`,
  'src/a.ts': `import { Transport } from './ollama/transport.ts';`,
};
const allowed = {
  'src/ollama/c.ts': `import http from 'node:http';\nimport { a } from './a.ts';`,
  'src/diagnosis/e.ts': `import os from 'node:os';\nimport { OllamaClient } from '../ollama/index.ts';\nimport { a } from './a.ts';`,
  'src/prompts/d.ts': `import { a } from './a.ts';`,
  'src/commands/b.ts': `import * as vscode from 'vscode';\nimport { OllamaClient } from '../ollama/index.ts';`,
  'src/b.ts': `import { OllamaClient } from './ollama/index.ts';`,
};

describe('the rooms of the house', () => {
  let house = '';
  before(() => {
    house = mkdtempSync(join(tmpdir(), 'codeworm-rooms-'));
    // Without the rules that need types: they need packages, and the house has none.
    const { options: _, ...rules } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(join(house, '.oxlintrc.json'), JSON.stringify(rules));
    for (const [file, text] of Object.entries({ ...forbidden, ...allowed })) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), `${text}\n`);
    }
  });
  after(() => rmSync(house, { recursive: true }));

  it('lint refuses every import through a wall, and only those', () => {
    const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format=unix', 'src'], {
      cwd: house,
      encoding: 'utf8',
    });
    const refused = stdout.split('\n').filter((line) => line.includes('no-restricted-imports'));
    const files = new Set(
      refused.map((line) => /src[\\/][\w\\/.]+?\.ts/.exec(line)?.[0].replaceAll('\\', '/')),
    );
    assert.deepEqual([...files].map(String).toSorted(), Object.keys(forbidden).toSorted());
  });
});
