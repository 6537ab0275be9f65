import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsBetween, layersOf, type Import } from '../../support/modules.ts';
import { root } from '../../support/docs.ts';

const imports = (...pairs: string[]): Import[] =>
  pairs.map((pair) => {
    const [from = '', to = ''] = pair.split('>');
    return { from, to, file: `src/${from}/a.ts` };
  });

test('modules are layered by what they import, the lowest first', () => {
  const { layers, circle } = layersOf(['a', 'b', 'c', 'd'], imports('a>b', 'a>c', 'b>d', 'c>d'));
  assert.deepEqual(layers, [['d'], ['b', 'c'], ['a']]);
  assert.deepEqual(circle, []);
});

test('a circle is found, without the modules that only import from it', () => {
  const { layers, circle } = layersOf(['a', 'b', 'c', 'd'], imports('a>b', 'b>c', 'c>b', 'c>d'));
  assert.deepEqual(layers, [['d']]);
  assert.deepEqual(circle, ['b', 'c']);
});

test('imports of types, plain imports and dynamic ones are seen in the sources', () => {
  const { modules, imports: found } = importsBetween('src');
  assert.ok(modules.includes('ollama') && modules.includes('extension.ts'));
  const seen = (from: string, to: string): boolean => found.some((one) => one.from === from && one.to === to);
  assert.ok(seen('ollama', 'http') && seen('services.ts', 'status') && seen('commands', 'diagnosis'));
});

test('CONTRIBUTING shows every folder and loose file of src, and no other', () => {
  const [, map = ''] = /^src\/\n([^]*?)^test\/$/m.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'))!;
  const shown = Array.from(map.matchAll(/^ {2}(\S+?)\/? /gm), ([, name]) => name!);
  assert.deepEqual(shown.toSorted(), readdirSync(join(root, 'src')).toSorted());
});
