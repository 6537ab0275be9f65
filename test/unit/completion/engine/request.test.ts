import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  buildInfillRequest,
  containsInfillTokens,
  infillFormatFor,
  InfillTokenError,
  type InfillContext,
} from '../../../../src/completion/engine/index.ts';

const budget = { prefixTokens: 1000, suffixTokens: 1000, charsPerToken: 4 };
const context: InfillContext = { prefix: 'pre', suffix: 'suf', path: 'src/a.ts', languageId: 'typescript' };
const neighbors = [
  { path: 'b.ts', text: 'let b;\n' },
  { path: 'c.ts', text: 'let c;' },
];
const rawOf = (name: string) => infillFormatFor({ name, capabilities: ['completion'] })!;
const insertOf = (name: string) => infillFormatFor({ name, capabilities: ['completion', 'insert'] })!;

/** The formats of the families' training, without other files and with two. */
const prompts: [name: string, alone: string, withNeighbors: string][] = [
  [
    'qwen2.5-coder',
    '<|fim_prefix|>pre<|fim_suffix|>suf<|fim_middle|>',
    '<|repo_name|>workspace\n<|file_sep|>b.ts\nlet b;\n<|file_sep|>c.ts\nlet c;\n<|file_sep|>src/a.ts\n<|fim_prefix|>pre<|fim_suffix|>suf<|fim_middle|>',
  ],
  ['codellama:7b-code', '<PRE> pre <SUF>suf <MID>', '<PRE> pre <SUF>suf <MID>'],
  ['starcoder', '<fim_prefix>pre<fim_suffix>suf<fim_middle>', '<fim_prefix>pre<fim_suffix>suf<fim_middle>'],
  [
    'starcoder2',
    '<fim_prefix>pre<fim_suffix>suf<fim_middle>',
    '<file_sep>let b;\n<file_sep>let c;<file_sep><fim_prefix>pre<fim_suffix>suf<fim_middle>',
  ],
  ['stable-code', '<fim_prefix>pre<fim_suffix>suf<fim_middle>', '<fim_prefix>pre<fim_suffix>suf<fim_middle>'],
  [
    'granite-code',
    '<fim_prefix>pre<fim_suffix>suf<fim_middle>',
    '<fim_prefix>pre<fim_suffix>suf<fim_middle>',
  ],
  [
    'granite4',
    '<|fim_prefix|>pre<|fim_suffix|>suf<|fim_middle|>',
    '<|fim_prefix|>pre<|fim_suffix|>suf<|fim_middle|>',
  ],
  [
    'codegemma',
    '<|fim_prefix|>pre<|fim_suffix|>suf<|fim_middle|>',
    'b.ts\nlet b;\n<|file_separator|>c.ts\nlet c;<|file_separator|>src/a.ts\n<|fim_prefix|>pre<|fim_suffix|>suf<|fim_middle|>',
  ],
  [
    'deepseek-coder',
    '<｜fim▁begin｜>pre<｜fim▁hole｜>suf<｜fim▁end｜>',
    '<｜fim▁begin｜>#b.ts\nlet b;\n#c.ts\nlet c;\n#src/a.ts\npre<｜fim▁hole｜>suf<｜fim▁end｜>',
  ],
  [
    'codestral',
    '[SUFFIX]suf[PREFIX]pre',
    '[SUFFIX]suf[PREFIX]+++++ b.ts\nlet b;\n+++++ c.ts\nlet c;\n+++++ src/a.ts\npre',
  ],
  [
    'mellum',
    '<filename>src/a.ts\n<fim_suffix>suf<fim_prefix>pre<fim_middle>',
    '<filename>b.ts\nlet b;\n<filename>c.ts\nlet c;\n<filename>src/a.ts\n<fim_suffix>suf<fim_prefix>pre<fim_middle>',
  ],
  [
    'seed-coder',
    '<[fim-suffix]>suf<[fim-prefix]>pre<[fim-middle]>',
    '<[fim-suffix]>suf<[fim-prefix]>pre<[fim-middle]>',
  ],
];

describe('a raw prompt', () => {
  for (const [name, alone, withNeighbors] of prompts) {
    test(name, () => {
      const request = buildInfillRequest(rawOf(name), context, budget);
      assert.equal(request.prompt, alone);
      assert.equal(request.raw, true);
      assert.ok(!('suffix' in request));
      assert.equal(buildInfillRequest(rawOf(name), { ...context, neighbors }, budget).prompt, withNeighbors);
    });
  }

  test('at the end and at the beginning of a file is the same form, with nothing in it', () => {
    const request = buildInfillRequest(rawOf('qwen3-coder'), { ...context, prefix: '', suffix: '' }, budget);
    assert.equal(request.prompt, '<|fim_prefix|><|fim_suffix|><|fim_middle|>');
  });
});

describe("the server's template", () => {
  test('gets both texts', () => {
    const { prompt, suffix, raw } = buildInfillRequest(insertOf('qwen2.5-coder'), context, budget);
    assert.deepEqual({ prompt, suffix, raw }, { prompt: 'pre', suffix: 'suf', raw: undefined });
  });

  test('gets a line break at the end of a file: without a suffix it would be the one for chat', () => {
    assert.equal(
      buildInfillRequest(insertOf('qwen2.5-coder'), { ...context, suffix: '' }, budget).suffix,
      '\n',
    );
  });

  test('is not used at the beginning of a file: without a prompt nothing would be generated', () => {
    const request = buildInfillRequest(insertOf('qwen2.5-coder'), { ...context, prefix: '' }, budget);
    assert.deepEqual([request.prompt, request.raw], ['<|fim_prefix|><|fim_suffix|>suf<|fim_middle|>', true]);
  });

  test('gets other files at the beginning of a file as after the first key', () => {
    const at = (prefix: string) =>
      buildInfillRequest(insertOf('qwen2.5-coder'), { ...context, prefix, neighbors }, budget);
    assert.equal(at('').raw, undefined);
    assert.equal(at('i').prompt, `${at('').prompt}i`);
  });

  test('gets a line break at the beginning of a file if nothing else is known', () => {
    const request = buildInfillRequest(insertOf('unknown'), { ...context, prefix: '' }, budget);
    assert.deepEqual([request.prompt, request.suffix], ['\n', 'suf']);
  });

  test('gets other files as comments, in front', () => {
    const request = buildInfillRequest(insertOf('qwen2.5-coder'), { ...context, neighbors }, budget);
    assert.equal(request.prompt, '// b.ts:\n// let b;\n\n// c.ts:\n// let c;\n\npre');
    const python = buildInfillRequest(
      insertOf('unknown'),
      { ...context, neighbors, languageId: 'python' },
      budget,
    );
    assert.equal(python.prompt, '# b.ts:\n# let b;\n\n# c.ts:\n# let c;\n\npre');
  });

  test('gets no other files where a language has no such comments, or the family knows none', () => {
    for (const [name, languageId] of [
      ['qwen2.5-coder', 'html'],
      ['codellama:7b-code', 'typescript'],
    ] as const) {
      assert.equal(
        buildInfillRequest(insertOf(name), { ...context, neighbors, languageId }, budget).prompt,
        'pre',
      );
    }
  });
});

describe("the model's own tokens", () => {
  test('in the text around the cursor: nothing is asked', () => {
    for (const side of ['prefix', 'suffix'] as const) {
      for (const token of ['<|fim_middle|>', '<|im_start|>', '<|endoftext|>']) {
        const withToken = { ...context, [side]: `a ${token} b` };
        assert.throws(() => buildInfillRequest(rawOf('qwen2.5-coder'), withToken, budget), InfillTokenError);
        assert.throws(
          () => buildInfillRequest(insertOf('qwen2.5-coder'), withToken, budget),
          InfillTokenError,
        );
      }
    }
  });

  test("another model's tokens are text", () => {
    assert.ok(!containsInfillTokens(rawOf('qwen2.5-coder'), 'a [PREFIX] <fim_middle> b'));
    assert.ok(containsInfillTokens(rawOf('codestral'), 'a [PREFIX] b'));
  });

  test('far from the cursor are not sent', () => {
    const far = { ...context, prefix: `<|fim_middle|>\n${'x = 1;\n'.repeat(2000)}` };
    assert.ok(
      buildInfillRequest(rawOf('qwen2.5-coder'), far, budget).prompt.startsWith('<|fim_prefix|>x = 1;'),
    );
  });

  test('in another file, or in its path: that file is left out, the others stay', () => {
    const some = [
      { path: 'x<|file_sep|>.ts', text: 'x' },
      neighbors[0]!,
      { path: 'y.ts', text: '<|fim_pad|>' },
    ];
    const { prompt } = buildInfillRequest(rawOf('qwen2.5-coder'), { ...context, neighbors: some }, budget);
    assert.ok(
      prompt.startsWith('<|repo_name|>workspace\n<|file_sep|>b.ts\nlet b;\n<|file_sep|>src/a.ts\n'),
      prompt,
    );
  });

  test('in the path of the file itself: the path is not sent', () => {
    const { prompt } = buildInfillRequest(rawOf('mellum'), { ...context, path: 'a<filename>b.ts' }, budget);
    assert.equal(prompt, '<filename>file\n<fim_suffix>suf<fim_prefix>pre<fim_middle>');
  });

  test('all end an answer', () => {
    for (const [name] of prompts) {
      const { stop } = buildInfillRequest(rawOf(name), context, budget);
      const infill = rawOf(name).tokens.filter((token) => /fim|PRE|SUF|MID/.test(token));
      assert.ok(infill.length >= 3, name);
      for (const token of infill) assert.ok(stop.includes(token), `${name}: ${token}`);
    }
  });
});

describe('other files', () => {
  const format = rawOf('qwen2.5-coder');
  const promptOf = (files: { path: string; text: string }[]) =>
    buildInfillRequest(format, { ...context, neighbors: files }, budget).prompt;

  test('a new one at the end changes nothing before it', () => {
    const [before, after] = [
      promptOf(neighbors),
      promptOf([...neighbors, { path: 'd.ts', text: 'let d;\n' }]),
    ];
    const same = before.indexOf('<|file_sep|>src/a.ts');
    assert.equal(after.slice(0, same), before.slice(0, same));
  });

  test('get at most half of what the text before the cursor may have', () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ path: `${at}.ts`, text: 'x'.repeat(300) }));
    const prompt = promptOf(many);
    assert.ok(prompt.length < 2000 + 200, String(prompt.length));
    assert.ok(prompt.includes('0.ts') && prompt.includes('pre<|fim_suffix|>'));
  });
});
