import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { infillFormatFor, reusesCache, suffixFirst } from '../../../../src/completion/engine/index.ts';

const completion = ['completion'];
const insert = ['completion', 'insert'];

const raw: [family: string, names: string[]][] = [
  [
    'qwen-coder',
    [
      'qwen2.5-coder:1.5b-base',
      'qwen3-coder:30b',
      'hf.co/Qwen/Qwen2.5-Coder-7B-GGUF:Q4_K_M',
      'hf.co/unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF:Q4',
      'registry.example.com:5000/team/qwen2.5-coder:latest',
      'someone/Qwen2.5.1_Coder-7B',
      'hf.co/gemma-fans/Qwen2_5-Coder-7B',
      'registry.example.com/mamba/codellama/qwen2.5-coder:7b',
      String.raw`C:\models\codellama\qwen2.5-coder-1.5b-q8_0.gguf`,
    ],
  ],
  [
    'codellama',
    [
      'codellama:7b-code',
      'codellama:13b-code-q4_K_M',
      'codellama:code',
      'hf.co/TheBloke/CodeLlama-7B-GGUF:Q4_K_M',
      'me/code-llama-13b',
    ],
  ],
  ['starcoder', ['starcoder:1b', 'starcoder:latest', 'hf.co/x/StarCoderBase-1B-GGUF']],
  ['starcoder2', ['starcoder2:3b', 'hf.co/second-state/StarCoder2-7B-GGUF:Q5', 'me/star-coder-2']],
  ['stable-code', ['stable-code:3b-code', 'hf.co/stabilityai/StableCode-3B']],
  ['granite-code', ['granite-code:3b', 'hf.co/ibm-granite/granite-8b-code-base-4k-GGUF']],
  ['granite4', ['granite4:micro', 'hf.co/ibm-granite/granite-4.0-h-tiny-GGUF:Q4_K_M']],
  ['codegemma', ['codegemma:2b', 'hf.co/google/codegemma-7b-GGUF']],
  [
    'deepseek-coder',
    ['deepseek-coder:1.3b-base', 'deepseek-coder-v2:16b-lite-base', 'x/DeepSeek-Coder-V2-Lite'],
  ],
  ['codestral', ['codestral:22b', 'hf.co/bartowski/Codestral-22B-v0.1-GGUF:Q4']],
  ['mellum', ['mellum:4b', 'hf.co/JetBrains/Mellum-4b-base-gguf', 'hf.co/JetBrains/mellum2-base']],
  ['seed-coder', ['seed-coder:8b', 'hf.co/ByteDance-Seed/Seed-Coder-8B-Base-GGUF']],
];

describe('a model without the capability is recognized by its family', () => {
  for (const [family, names] of raw) {
    for (const name of names) {
      test(name, () => {
        const format = infillFormatFor({ name, capabilities: completion });
        assert.equal(format?.family?.id, family);
        assert.equal(format?.via, 'raw');
      });
    }
  }

  test('by its architecture if its name is unknown', () => {
    assert.equal(
      infillFormatFor({ name: 'mine:latest', family: 'starcoder2', capabilities: completion })?.family?.id,
      'starcoder2',
    );
  });

  test('on a server that reports no capabilities', () => {
    assert.equal(infillFormatFor({ name: 'qwen2.5-coder:7b', capabilities: [] })?.via, 'raw');
  });
});

describe('the server has its own template', () => {
  test('for a model of a family that is known', () => {
    const format = infillFormatFor({ name: 'qwen2.5-coder:7b', family: 'qwen2', capabilities: insert });
    assert.equal(format?.via, 'suffix');
    assert.equal(format?.family?.id, 'qwen-coder');
  });

  test('for any other model: every token of every family is forbidden, and ends an answer', () => {
    const format = infillFormatFor({ name: 'mine:latest', family: 'llama', capabilities: insert });
    assert.equal(format?.via, 'suffix');
    assert.equal(format?.family, undefined);
    for (const token of ['<|fim_middle|>', '<fim_middle>', '<｜fim▁end｜>', '[PREFIX]', '<EOT>']) {
      assert.ok(format?.tokens.includes(token), token);
      assert.ok(format?.stop.includes(token), token);
    }
  });

  test('for a CodeGemma with another name', () => {
    assert.equal(
      infillFormatFor({ name: 'mine', family: 'gemma', capabilities: insert })?.family?.id,
      'codegemma',
    );
  });
});

describe('a model that cannot', () => {
  const names = [
    ...[
      'llama3.2:3b',
      'qwen2.5:7b',
      'qwen3:8b',
      'deepseek-r1:7b',
      'mistral:7b',
      'phi4',
      'granite3.1-dense:8b',
      'starling:7b',
    ],
    ...[
      'codellama:7b',
      'codellama:latest',
      'codellama:7b-instruct',
      'codellama:34b-code',
      'codellama:7b-python',
    ],
    ...[
      'codellama:13b-python-q4',
      'hf.co/TheBloke/CodeLlama-7B-Python-GGUF',
      'hf.co/x/CodeLlama-7B-Instruct-GGUF',
    ],
    ...['starcoder/llama3:8b', 'hf.co/qwen2.5-coder/Mistral-7B-GGUF:Q4', 'codellama:34b-code-q4_0'],
    ...['hf.co/x/Phind-CodeLlama-34B', 'codellama:70b-code', 'mellum2:instruct', 'seed-coder:8b-reasoning'],
  ];
  for (const name of names) {
    test(name, () => assert.equal(infillFormatFor({ name, capabilities: completion }), undefined));
  }

  test('an embedding model, whatever its name', () => {
    assert.equal(infillFormatFor({ name: 'qwen2.5-coder-embed', capabilities: ['embedding'] }), undefined);
  });
});

describe('a model whose cache cannot be used while typing', () => {
  const unfit: [name: string, family: string][] = [
    ['gemma3:4b', 'gemma3'],
    ['gemma:7b', 'gemma'],
    ['gemma3n:e4b', 'gemma3n'],
    ['mine', 'gemma2'],
    ['qwen3-next:80b', 'qwen3next'],
    ['qwen3-coder-next:latest', 'qwen3next'],
    ['gpt-oss:20b', 'gptoss'],
    ['mine', 'gptoss'],
    ['hf.co/x/Mamba-Codestral-7B', 'mamba2'],
  ];
  for (const [name, family] of unfit) {
    test(`${name} (${family})`, () => {
      assert.equal(infillFormatFor({ name, family, capabilities: insert }), undefined);
      assert.equal(reusesCache({ name, family, capabilities: insert }), false);
    });
  }
});

describe("tokens in the model's own file", () => {
  const tokens = ['<pad>', '<P>', '<S>', '<M>', '<end>'];
  const modelInfo = {
    'tokenizer.ggml.fim_pre_token_id': 1,
    'tokenizer.ggml.suffix_token_id': 2,
    'tokenizer.ggml.middle_token_id': 3,
    'tokenizer.ggml.eos_token_id': 4,
    'tokenizer.ggml.tokens': tokens,
  };

  test('are used', () => {
    const format = infillFormatFor({ name: 'mine', capabilities: completion, modelInfo });
    assert.equal(
      format?.family?.render({ prefix: 'a', suffix: 'b', path: 'c', neighbors: '' }),
      '<P>a<S>b<M>',
    );
    assert.deepEqual(format?.stop, ['<P>', '<S>', '<M>', '<end>']);
  });

  for (const missing of Object.keys(modelInfo).filter((key) => !key.includes('eos'))) {
    test(`are not used without ${missing}`, () => {
      const some = Object.fromEntries(Object.entries(modelInfo).filter(([key]) => key !== missing));
      assert.equal(infillFormatFor({ name: 'mine', capabilities: completion, modelInfo: some }), undefined);
    });
  }
});

describe('the suffix first, for models trained with it', () => {
  const rendered = (name: string) => {
    const format = suffixFirst(infillFormatFor({ name, capabilities: insert })!);
    return format?.family?.render({ prefix: 'p', suffix: 's', path: 'a', neighbors: '' });
  };

  test('besides the other order', () => {
    assert.equal(rendered('codellama:7b-code'), '<PRE> <SUF>s <MID> p');
    assert.equal(rendered('starcoder2:3b'), '<fim_prefix><fim_suffix>s<fim_middle>p');
  });

  test('always', () => assert.equal(rendered('codestral'), '[SUFFIX]s[PREFIX]p'));

  test('never', () => {
    assert.equal(rendered('qwen2.5-coder'), undefined);
    assert.equal(rendered('something-else'), undefined);
  });
});
