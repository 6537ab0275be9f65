import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  buildInfillRequest,
  infillFormatFor,
  suffixFirst,
  type InfillFormat,
} from '../../../../src/completion/engine/index.ts';

const names = [
  'qwen2.5-coder',
  'codellama:7b-code',
  'starcoder2',
  'codegemma',
  'deepseek-coder',
  'codestral',
  'mellum',
];
const formats: InfillFormat[] = [...names, 'seed-coder', 'granite4'].flatMap((name) => {
  const raw = infillFormatFor({ name, capabilities: ['completion'] })!;
  const own = infillFormatFor({ name, capabilities: ['completion', 'insert'] })!;
  return [raw, own, suffixFirst(raw) ?? raw];
});

const line = fc.oneof(
  fc.constantFrom('', '  return a;', 'é😀', '}', '\tx = "日本語 👩‍💻";'),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.nat(3000).map((length) => 'long '.repeat(length / 5)),
  fc.nat(1500).map((length) => '😀'.repeat(length)),
);
const text = (eol: string) =>
  fc
    .array(line, { maxLength: 200 })
    .map((lines) => lines.map((content) => content.replaceAll(/\r|\n|§/g, ' ')).join(eol));
/** Names of tokens consist of letters that these lines rarely contain in that order. */
const file = fc
  .constantFrom('\n', '\r\n')
  .chain((eol) => fc.record({ eol: fc.constant(eol), prefix: text(eol), suffix: text(eol) }));
const typed = fc.array(
  fc.oneof(
    fc.constantFrom('\n', ' ', '{', 'é', '😀', '"', '\t'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  { minLength: 20, maxLength: 20 },
);
const budgets = fc.record({
  prefixTokens: fc.integer({ min: 1, max: 3000 }),
  suffixTokens: fc.integer({ min: 0, max: 700 }),
  charsPerToken: fc.constantFrom(2, 3.3, 4),
});
const neighbors = fc.array(
  fc.record({ path: fc.constantFrom('b.ts', 'c.py'), text: fc.string({ maxLength: 400 }) }),
  { maxLength: 4 },
);
const everything = fc.record({
  format: fc.constantFrom(...formats),
  file,
  typed,
  budget: budgets,
  neighbors,
});

/** Occurs in no file. */
const mark = '§';

/** The parts of a prompt that was sent. */
function sentParts(
  format: InfillFormat,
  around: { prefix: string; suffix: string; neighbors: { path: string; text: string }[] },
  budget: Parameters<typeof buildInfillRequest>[2],
) {
  const request = buildInfillRequest(
    format,
    { ...around, path: 'src/a.ts', languageId: 'typescript' },
    budget,
  );
  const empty = buildInfillRequest(
    { ...format, via: 'raw' },
    { prefix: '', suffix: '', path: 'src/a.ts', languageId: 'typescript' },
    budget,
  );
  return { request, overhead: empty.prompt.length };
}

describe('for any file and any twenty typed characters', () => {
  test('the request changes only after the text before the cursor, except for at most one step of the window', () => {
    let [jumps, all] = [0, 0];
    fc.assert(
      fc.property(
        everything,
        ({ format, file: { eol, prefix, suffix }, typed: keys, budget, neighbors: files }) => {
          const promptAt = (before: string) =>
            sentParts(format, { prefix: before, suffix, neighbors: files }, budget).request.prompt;
          const start = promptAt(mark).indexOf(mark);
          // For an empty file, the request has another form.
          let before = `x${prefix}`;
          let own = 0;
          for (const key of keys) {
            const after = before + (key === '\n' ? eol : key);
            const [one, next] = [promptAt(before), promptAt(after)];
            const kept = longestEnd(one.slice(start, endOfPrefix(one, format)), before);
            if (commonStart(one, next) < start + kept) own += 1;
            before = after;
          }
          const room = Math.floor(budget.prefixTokens * budget.charsPerToken);
          // In a context window of a few words, nothing is kept.
          if (room < 800) return;
          const length = before.length - prefix.length;
          assert.ok(own <= 1 + length / (room / 8), `${own} jumps in ${room}`);
          jumps += own;
          all += keys.length;
        },
      ),
      { numRuns: 200 },
    );
    assert.ok(jumps / all < 0.02, `${jumps} of ${all}`);
  });

  test('the budgets are kept, and the text right around the cursor is in the request as it is', () => {
    fc.assert(
      fc.property(everything, ({ format, file: { prefix, suffix }, budget, neighbors: files }) => {
        const { request, overhead } = sentParts(format, { prefix, suffix, neighbors: files }, budget);
        const room = Math.floor(budget.prefixTokens * budget.charsPerToken);
        const behind = Math.floor(budget.suffixTokens * budget.charsPerToken);
        const sent = request.prompt.length - (request.raw ? overhead + behind : 0);
        assert.ok(sent <= Math.max(1, room), `${sent} of ${room}`);
        assert.ok((request.suffix ?? '').length <= Math.max(1, behind));
        assert.ok(request.prompt.isWellFormed() && (request.suffix ?? '').isWellFormed());
        const before = request.prompt.slice(0, endOfPrefix(request.prompt, format));
        if (!request.raw || format.via === 'raw') {
          const near = longestEnd(before, prefix);
          assert.ok(near >= Math.min(prefix.length, Math.floor(room / 8)), `${near} of ${room}`);
        }
        assert.ok(
          request.suffix === undefined || request.suffix === '\n' || suffix.startsWith(request.suffix),
        );
      }),
      { numRuns: 400 },
    );
  });

  test('the suffix that is sent does not change', () => {
    fc.assert(
      fc.property(everything, ({ format, file: { prefix, suffix }, typed: keys, budget }) => {
        const own = { ...format, via: 'suffix' } as const;
        const at = (before: string) =>
          sentParts(own, { prefix: `x${before}`, suffix, neighbors: [] }, budget).request.suffix;
        assert.equal(at(prefix + keys.join('')), at(prefix));
      }),
      { numRuns: 200 },
    );
  });
});

test('while a file is written from its beginning, the window moves in steps of 32 to 64 lines', () => {
  const format = infillFormatFor({ name: 'qwen2.5-coder', capabilities: ['insert'] })!;
  const budget = { prefixTokens: 2000, suffixTokens: 10, charsPerToken: 3.5 };
  const starts: number[] = [];
  let prefix = '';
  for (let count = 0; count < 1000; count++) {
    prefix += `const value${count} = compute(${count});\n`;
    const { prompt } = buildInfillRequest(
      format,
      { prefix, suffix: '', path: 'a.ts', languageId: 'typescript' },
      budget,
    );
    starts.push(prefix.slice(0, prefix.length - prompt.length).split('\n').length - 1);
  }
  const jumps = starts
    .slice(1)
    .map((start, at) => start - starts[at]!)
    .filter((jump) => jump !== 0);
  assert.ok(jumps.length > 10);
  for (const jump of jumps) assert.ok(jump >= 32 && jump <= 64, String(jump));
});

/** The end of the text before the cursor in a prompt. */
function endOfPrefix(prompt: string, { family, via, order }: InfillFormat): number {
  if (via === 'suffix') return prompt.length;
  const [, behind = ''] = family!
    .render({ prefix: mark, suffix: mark, path: '', neighbors: '' })
    .split(mark)
    .slice(order === 'prefix-first' ? 0 : 1);
  return order === 'prefix-first' ? prompt.lastIndexOf(behind) : prompt.length - behind.length;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function longestEnd(prompt: string, prefix: string): number {
  let length = 0;
  while (
    length < prompt.length &&
    length < prefix.length &&
    prompt.at(-1 - length) === prefix.at(-1 - length)
  )
    length += 1;
  return length;
}
