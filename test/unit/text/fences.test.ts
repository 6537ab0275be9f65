/** Fenced blocks are those of CommonMark, as markdown-it finds them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { codeBlocks } from '../../../src/text/codeBlocks.ts';
import {
  closingFence,
  FenceTracker,
  fenceIn,
  fenceInContainers,
  OpenBlock,
  separateBlocks,
} from '../../../src/text/fences.ts';

const markdown = new MarkdownIt();

/** Lines that are in no list, quotation, table or indented block. */
const line = fc
  .tuple(
    fc.constantFrom('', '', ' ', '   ', '    ', '\t', '  \t'),
    fc.constantFrom('```', '````', '``````', '~~~', '~~~~', '``', '~~', '', 'a', '`a`'),
    fc.constantFrom('', '', 'js', ' js x', '`', '~', '```', ' ', '\t', '\u00A0', '\u2028', '\v', 'é\u2029'),
  )
  .map((parts) => parts.join(''));
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));

interface Block {
  info: string;
  first: number;
  lines: number;
}

/** Blocks according to markdown-it. The last line shows whether a block is open. */
function expected(source: string): Block[] {
  return markdown
    .parse(`${source}\nend\n`, {})
    .filter(({ type }) => type === 'fence')
    .map(({ info, map, content }) => ({
      info: info.trim(),
      first: map![0],
      lines: content.split('\n').length - 1,
    }));
}

function found(source: string): Block[] {
  const tracker = new FenceTracker();
  const blocks: Block[] = [];
  for (const [number, current] of `${source}\nend`.split('\n').entries()) {
    const kind = tracker.read(current);
    if (kind === 'opening') blocks.push({ info: fenceIn(current)!.info.trim(), first: number, lines: 0 });
    if (kind === 'code') blocks.at(-1)!.lines++;
  }
  return blocks;
}

describe('fenced blocks', () => {
  test('are those of markdown-it', () => {
    fc.assert(
      fc.property(text, (source) => assert.deepEqual(found(source), expected(source))),
      { numRuns: 20_000 },
    );
  });

  test('are found in an answer, when they contain no fences', () => {
    const code = fc.array(fc.constantFrom('a', '', '  b', '\tc', '`d`', '~~'), { maxLength: 4 });
    const block = fc.tuple(fc.constantFrom('```', '````', '~~~'), fc.constantFrom('js', 'ts'), code);
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        const parts = blocks.map(([marks, tag, lines]) => [`${marks}${tag}`, ...lines, marks, 'text']);
        const read = codeBlocks(parts.flat().join('\n'));
        assert.deepEqual(
          read.map((one) => one.code),
          blocks.map(([, , lines]) => lines.join('\n')),
        );
        const starts = parts.map((_, index) => parts.slice(0, index).flat().length);
        assert.deepEqual(
          read.map((one) => one.line),
          starts,
        );
      }),
    );
  });

  test('may be in lists and quotations, if one asks for that', () => {
    assert.equal(fenceIn('- ```js'), undefined);
    assert.deepEqual(fenceInContainers('> 1. ```js'), { indentation: '> 1. ', marks: '```', info: 'js' });
    assert.equal(fenceInContainers('> 1. ```js`'), undefined);
    assert.equal(new FenceTracker().read('      ```js'), 'text');
    const tracker = new FenceTracker(true);
    const kinds = ['      ```js', 'a', '          ```', '         ```'].map((one) => tracker.read(one));
    assert.deepEqual(kinds, ['opening', 'code', 'code', 'closing']);
  });

  test('are closed at the end of a text that ends inside one, so that what follows is not code', () => {
    const remark = '*The answer is not complete.*';
    fc.assert(
      fc.property(text, fc.nat(200), (source, length) => {
        const cut = source.slice(0, length);
        const tokens = markdown.parse(`${cut}${closingFence(cut)}\n\n${remark}\n`, {});
        const last = tokens.findLast(({ type }) => type === 'inline' || type === 'fence');
        assert.equal(last?.type, 'inline');
        assert.equal(last.content, remark);
      }),
      { numRuns: 5000 },
    );
    assert.equal(closingFence('1. First:\n   ```js\n   a'), '\n   ```\n');
    assert.equal(closingFence('````md\n```\n'), '````\n');
    assert.equal(closingFence('```\na\n```'), '');
  });

  test('are followed in a text that comes in pieces', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (source, size) => {
        const block = new OpenBlock();
        for (let at = 0; at < source.length; at += size) block.add(source.slice(at, at + size));
        assert.equal(block.end(), closingFence(source));
      }),
    );
  });

  test('are separated from the other lines', () => {
    assert.deepEqual(separateBlocks('a\n```js\nb\n~~~\n```\nc\n~~~\nd'), {
      prose: 'a\n\nc\n',
      blocks: ['b\n~~~', 'd'],
    });
  });
});
