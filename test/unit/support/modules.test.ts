import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsBetween, layersOf, type Import } from '../../support/modules.ts';

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
