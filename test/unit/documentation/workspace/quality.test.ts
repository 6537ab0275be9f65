/** The problems of a page. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { checkPage, hasPassed } from '../../../../src/documentation/workspace/quality.ts';
import { pageHeadings, pageKinds } from '../../../../src/prompts/pageKinds.ts';

const source = `export class Inventory {
  private readonly items = new Map<string, number>();
  add(item: string, count = 1): number {
    if (count < 0) throw new RangeError('negative');
    const total = (this.items.get(item) ?? 0) + count;
    this.items.set(item, total);
    return total;
  }
}`;

const good: Record<string, string> = {
  Purpose: 'Adds a number of pieces of one item to the inventory and returns how many there are now.',
  'Parameters and Result':
    '- `item`: the name of the item.\n- `count`: how many, 1 by default.\n\nReturns `total` as a `number`.',
  'How It Works':
    'It reads the old number from `this.items`, adds `count` and writes it back with `items.set(item, total)`.',
  'Errors and Edge Cases':
    'A negative `count` ends in a `RangeError`; nothing else is checked, `NaN` included.',
  Usage:
    "```ts\nconst inventory = new Inventory();\ninventory.add('screw', 3);\nconsole.log(inventory.add('screw'));\n```",
};
const pageOf = (parts: Record<string, string>): string =>
  Object.entries(parts)
    .map(([heading, text]) => `## ${heading}\n\n${text}\n`)
    .join('\n');
const check = (parts: Record<string, string>) => checkPage(pageOf(parts), 'function', source);

describe('the check of a page', () => {
  test('a good page passes, also with the head and the end that pages have', () => {
    assert.deepEqual(check(good), { missingHeadings: [], unknownNames: [], empty: false, repeated: false });
    const whole = `<!-- codeworm {} -->\n# Inventory.add\n\n- **Type:** Function\n- **File:** \`src/madeUp.ts\`\n\n## Source\n\n\`\`\`ts\n${source}\n\`\`\`\n\n${pageOf(good)}\n---\n\n*Written by CodeWorm on 2026-01-31 at 12:00:00 (UTC+00:00)*\n`;
    assert.ok(hasPassed(checkPage(whole, 'function', source)));
  });

  test('a model that writes headings its own way has written them', () => {
    const text = pageOf(good)
      .replaceAll(/^## (.*)$/gm, '### **$1**')
      .replace('### **Purpose**', '# Title\n\n**Purpose:**');
    assert.deepEqual(checkPage(text, 'function', source).missingHeadings, []);
  });

  test('missing headings and headings without content', () => {
    const { Usage: _, ...rest } = good;
    assert.deepEqual(check(rest).missingHeadings, ['Usage']);
    assert.deepEqual(check({ ...good, 'How It Works': '*The model wrote nothing here.*' }).missingHeadings, [
      'How It Works',
    ]);
  });

  test('names that the source does not have, anywhere in the text', () => {
    const names = (text: string): string[] =>
      check({ ...good, Purpose: `${good['Purpose']} ${text}` }).unknownNames;
    assert.deepEqual(names('It calls `validateItem` first.'), ['validateItem']);
    assert.deepEqual(names('It calls `this.store.save(item)`.'), ['store', 'save']);
    assert.deepEqual(names('It calls validateItem() first, see stock_level and maxCount.'), [
      'validateItem',
      'stock_level',
      'maxCount',
    ]);
    assert.deepEqual(
      names('\n\n```ts\nfunction help() {}\nhelp();\nconst x = loadInventory("a.json");\n```'),
      ['loadInventory'],
    );
    assert.deepEqual(names('The parameter `discount` lowers it.'), ['discount']);
    assert.deepEqual(names('It is like `Inventory.drop`, see `inventory.md`.'), ['drop']);
  });

  test('methods that examples call on a type of the source, unless it may have inherited them', () => {
    const names = (example: string, code: string): string[] =>
      checkPage(
        pageOf({ ...good, Usage: `\n\n\`\`\`\n${example}\n\`\`\`` }),
        'function',
        `${source}\n${code}`,
      ).unknownNames;
    const own = 'class Stock {\n  take(item) {}\n}';
    assert.deepEqual(names('const all = new Stock();\nall.take(1);\nall.restock(2);', own), ['restock']);
    assert.deepEqual(names('Stock.createDefault().take(1);', own), ['createDefault']);
    assert.deepEqual(
      names('all = Stock()\nall.take(1)\nall.refill(2)', 'class Stock:\n  def take(self): pass'),
      ['refill'],
    );
    assert.deepEqual(names('const all = new Stock();\nall.refill(2);', 'class Stock extends Shelf {}'), []);
    assert.deepEqual(names('all = Stock()\nall.refill(2)', 'class Stock(Shelf):\n  pass'), []);
    assert.deepEqual(names('const d = new Date();\nd.getTime();\nother.refill(2);', own), []);
  });

  test('other words are not missing names', () => {
    const text =
      'See `src/other/file.ts`, `npm run build`, `--verbose`, `"some text"`, `O(n)`, `null`, `Map`, `Items`, `counts`, `Promise<void>`, https://a.test/someThing, JavaScript, GitHub, iPhone, `404`, `HTTP`, `a sentence in code`.';
    assert.deepEqual(check({ ...good, Purpose: `${good['Purpose']} ${text}` }).unknownNames, []);
  });

  test('a page without words', () => {
    assert.equal(checkPage('', 'function', source).empty, true);
    assert.equal(checkPage(pageOf({ Purpose: 'Adds.' }), 'function', source).empty, true);
    assert.equal(check(good).empty, false);
  });

  test('a text that repeats itself', () => {
    const again = (text: string) => check({ ...good, 'How It Works': text }).repeated;
    assert.ok(again('It adds the number of pieces to the number that was there. '.repeat(4)));
    assert.ok(again('and then it adds '.repeat(20)));
    assert.ok(again('the the the the the the the the'));
    assert.ok(again('数量を在庫に追加して合計を返します。'.repeat(3)));
    assert.ok(
      !again(
        '- **Returns:** a number\n- **Throws:** nothing\n- **Returns:** a number\n- **Throws:** nothing\n',
      ),
    );
    assert.ok(
      !again(`\`\`\`ts\n${"inventory.add('screw', 3); // adds three pieces of it\n".repeat(5)}\`\`\``),
    );
  });

  test('summaries are checked for their own headings, and not for names', () => {
    const texts = {
      'What Changed': 'The shop counts `someThing` now (a1b2c3d4).',
      Why: 'The commit says that customers have asked for it.',
      Where: 'Most of it is in `src/shop`.',
      'What to Look At Next': 'The page about the inventory is older than its source.',
    };
    const text = pageOf(texts);
    assert.ok(hasPassed(checkPage(text, 'week', '')));
    assert.deepEqual(checkPage(text.replace('## Why', '## Because'), 'month', '').missingHeadings, ['Why']);
  });

  test('checks any text, and a text with all headings misses none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pageKinds), fc.string({ unit: 'grapheme' }), (kind, any) => {
        checkPage(any, kind, any);
        const text = pageHeadings(kind)
          .map((heading) => `## ${heading}\n\nIt says a word.\n`)
          .join('\n');
        assert.deepEqual(checkPage(text, kind, any).missingHeadings, []);
      }),
    );
  });

  test('names of the source are never unknown', () => {
    const name = fc.stringMatching(/^[a-z][A-Za-z0-9_]{2,20}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), (names) => {
        const text = `## Purpose\n\n${names.map((one) => `\`${one}\` and ${one}() and`).join(' ')}\n`;
        assert.deepEqual(checkPage(text, 'function', names.join(' + ')).unknownNames, []);
      }),
    );
  });
});
