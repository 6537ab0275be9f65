/** The context around the cursor and from other files, which does not change while typing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { declarationText, importedNames } from '../../../src/completion/imports.ts';
import { nextPlace } from '../../../src/completion/nextPlace.ts';
import {
  boundedAround,
  isMiddleOfLine,
  linesAround,
  wantsLines,
  type Place,
} from '../../../src/completion/place.ts';
import { ReadingSpeed } from '../../../src/completion/readingSpeed.ts';
import { RecentPieces, withinBudget } from '../../../src/completion/recentPieces.ts';
import { makeWorld, TypedDocument } from '../../support/suggestions.ts';

const place = (prefix: string, suffix: string, byHand = false): Place => ({
  document: 'file:///a.ts',
  offset: prefix.length,
  prefix,
  suffix,
  path: 'a.ts',
  languageId: 'typescript',
  byHand,
});

describe('the position of a suggestion', () => {
  test('is not if more than closing brackets follows', () => {
    for (const rest of ['', ')', ');', ' }', '"', '\nnext();'])
      assert.ok(!isMiddleOfLine(place('a', rest)), rest);
    for (const rest of ['x', ' + b', ') + c', '.d()\n']) assert.ok(isMiddleOfLine(place('a', rest)), rest);
  });

  test('wants several lines where the line is empty or opens a block, or by hand', () => {
    assert.ok(wantsLines(place('if (a) {\n  ', '\n}')));
    assert.ok(wantsLines(place('if (a) {', '\n}')));
    assert.ok(wantsLines(place('const a = ', ' + b', true)));
    assert.ok(!wantsLines(place('const a = ', '\n')));
    assert.ok(!wantsLines(place('  ', 'b();\n')));
  });

  test('the lines read around it stay the same while lines are typed', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), fc.integer({ min: 1, max: 20 }), (line, below, typed) => {
        const count = line + below + 1;
        const now = linesAround(line, count);
        assert.ok(now.first <= line && line < now.last && now.last <= count);
        assert.ok(now.last - now.first < 3_000);
        const later = linesAround(line + typed, count + typed);
        assert.equal(count - now.last, count + typed - later.last, 'the end does not move');
        if (Math.floor(line / 512) === Math.floor((line + typed) / 512)) assert.equal(now.first, later.first);
      }),
    );
  });

  test('cuts long texts in steps', () => {
    const long = 'x'.repeat(500_000);
    const { prefix, suffix } = boundedAround(long, long);
    assert.ok(prefix.length >= 60_000 && prefix.length < 180_000 && suffix.length < 180_000);
    assert.equal(boundedAround(`${long}yz`, long).suffix.length, suffix.length);
    assert.ok(boundedAround(`${long}yz`, long).prefix.startsWith(prefix));
  });

  test('after acceptance is after the opening of a block, else on the next line', () => {
    const at = place('  const a = ', '\n}');
    assert.equal(nextPlace(at, 'b;')?.given, 'b;\n  ');
    assert.equal(nextPlace(at, '() => {')?.given, '() => {');
    assert.equal(nextPlace(place('f(', ')\n'), 'a'), undefined);
    assert.equal(nextPlace(place('x\r\n\tconst a = ', '\r\n'), 'b;')?.given, 'b;\r\n\t');
  });
});

describe('pieces of other files', () => {
  const text = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');

  test('are made when a file is left, around the cursor, and never changed', () => {
    const pieces = new RecentPieces();
    pieces.left('a.ts', text, 50);
    pieces.left('b.ts', text, 0);
    const [a, b] = pieces.besides('c.ts');
    assert.match(a?.text ?? '', /^line 38\n[^]*line 61$/);
    assert.match(b?.text ?? '', /^line 0\n/);
    assert.deepEqual(pieces.besides('a.ts'), [b]);
    pieces.left('d.ts', text, 99);
    assert.deepEqual(pieces.besides('c.ts').slice(0, 2), [a, b], 'a new one comes at the end');
  });

  test('are not many, and go in one step', () => {
    const pieces = new RecentPieces();
    for (let file = 0; file < 12; file++) pieces.left(`${file}.ts`, text, 0);
    assert.equal(pieces.besides('').length, 12);
    pieces.left('new.ts', text, 0);
    assert.deepEqual(
      pieces.besides('').map(({ path }) => path),
      ['6.ts', '7.ts', '8.ts', '9.ts', '10.ts', '11.ts', 'new.ts'],
    );
  });

  test('keep within the budget, the first ones first', () => {
    const neighbors = [10, 50, 20].map((length) => ({ path: 'a', text: 'x'.repeat(length) }));
    assert.deepEqual(
      withinBudget(neighbors, 60).map(({ text: { length } }) => length),
      [10, 20],
    );
  });

  test('typing changes neither what is sent of them nor the beginning of the file', async () => {
    const neighbors = [{ path: 'b.ts', text: 'export function helper(a: number) {\n  return a;\n}' }];
    await using world = await makeWorld(
      { answer: () => 'other();' },
      { neighbors: () => Promise.resolve(neighbors) },
    );
    const document = new TypedDocument(world.suggester, 'const first = 1;\nconst second = ', ';\n');
    for (const key of 'helper(first)') {
      document.type(key);
      await document.suggest();
    }
    const prompts = world.asked().map(({ body }) => body.prompt ?? '');
    assert.ok(prompts.length > 5);
    const beginning = prompts[0]!.slice(0, prompts[0]!.lastIndexOf('\n'));
    assert.ok(beginning.includes('helper(a: number)') && beginning.includes('const first'));
    for (const prompt of prompts) assert.ok(prompt.startsWith(beginning), prompt);
  });
});

describe('what a file imports', () => {
  const names = (code: string): string[] => importedNames(code).map(({ name }) => name);

  test('is found in many languages', () => {
    assert.deepEqual(names("import { readFile, type Stats } from 'node:fs';"), ['readFile', 'Stats']);
    assert.deepEqual(names("import {\n  one,\n  two,\n} from './a.ts';\nconst three = 3;"), ['one', 'two']);
    assert.deepEqual(names('from app.models import User, Group as G\n'), ['User', 'Group', 'G']);
    assert.deepEqual(names('import java.util.List;'), ['List']);
    assert.deepEqual(names('use crate::shapes::Circle;'), ['Circle']);
    assert.deepEqual(names("const { a } = require('./b');"), ['a']);
    assert.deepEqual(names('const x = important();'), []);
  });

  test('an imported name is at the reported position', () => {
    const code = "import { one, two } from './one';\nfrom b import two, three\n";
    for (const { name, line, character } of importedNames(code))
      assert.ok(code.split('\n')[line]!.slice(character).startsWith(name), name);
  });

  test('of a declaration, its block is taken, and not what follows', () => {
    const code = 'a();\nexport function f(\n  x: number,\n) {\n  return x;\n}\n\nexport function g() {}';
    assert.equal(declarationText(code, 1), 'export function f(\n  x: number,\n) {');
    assert.equal(
      declarationText('class A:\n    def f(self):\n        pass\n\nclass B:\n', 0),
      'class A:\n    def f(self):\n        pass',
    );
    assert.ok(declarationText(`x {\n${'  long\n'.repeat(500)}}`, 0).length < 901);
  });
});

describe('how fast the server reads', () => {
  test('follows from what it had to read, and the window of a document stays', () => {
    const speed = new ReadingSpeed();
    assert.equal(speed.tokensPerSecond, undefined);
    const window = speed.prefixTokens('a');
    speed.noteSent('x'.repeat(3_000));
    speed.noteAnswer({ text: 'x'.repeat(3_000), tokens: 1_000, durationMs: 10_000 }, 0);
    assert.equal(speed.tokensPerSecond, 100);
    assert.equal(speed.prefixTokens('a'), window);
    assert.ok(speed.prefixTokens('b') < window);
    assert.equal(speed.reusedShare(`${'x'.repeat(3_000)}y`.repeat(1)), 3_000 / 3_001);
    speed.noteAnswer({ text: 'x'.repeat(3_000), tokens: 1_000, durationMs: 1 }, 0.99);
    assert.equal(speed.tokensPerSecond, 100, 'a few tokens say nothing');
  });
});
