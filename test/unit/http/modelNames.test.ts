/** Names of models: what real servers use is accepted, and nothing that another program may read as something else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, constantFrom, oneof, property, string, tuple } from 'fast-check';
import {
  defaultSettings,
  isModelName,
  isPlainModelName,
  OllamaClient,
  OllamaSettingsError,
  type Guard,
  type ModelSummary,
} from '../../../src/ollama/index.ts';
import { readModels } from '../../../src/openai/models.ts';
import { settingSchemas } from '../../../src/config/settingSchema.ts';
import { unfitnessOf } from '../../../src/http/client/modelUse.ts';
import { startDouble } from '../../support/double/index.ts';
import { clientFor, failureOf } from '../../support/faults.ts';
import { openAIClientFor } from '../../support/wires.ts';
import manifest from '../../../package.json' with { type: 'json' };

/** As LM Studio, Hugging Face, llama-server, LiteLLM, Azure, vLLM with an object store, and clouds write them. */
const real = [
  'qwen2.5-coder-7b-instruct@q4_k_m',
  'Qwen/Qwen2.5-Coder-7B-Instruct:Q4_K_M',
  '/models/My Model (v1.5) [chat].gguf',
  'azure/gpt-4+x',
  String.raw`C:\Users\Müller\models\Qwen2.5 Coder.gguf`,
  's3://bucket/models/llama=8b',
  '@cf/qwen/qwen2.5-coder-32b-instruct',
  'accounts/fireworks/models/deepseek-v3#account/deployment',
  'ft:gpt-4o-mini:acme::9xYz',
  "team's model, 50%~fast!",
  '模型（7B）',
];

const hostile = [
  ...[
    '\0',
    '\n',
    '\t',
    '\u0085',
    '\u200b',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u2028',
    '\u3164',
    '\u034f',
    '\ud800',
  ].map((character) => `coder${character}`),
  ...[
    ' coder',
    'coder ',
    '\u00a0coder',
    '$(sync~spin)',
    '[click](command:workbench.action.quit)',
    '`x`',
    '<b>',
    'a|b',
  ],
  ...['a"b', 'openai/*', 'a?b', '', 'x'.repeat(513)],
];

const guard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};

for (const name of real)
  test(`"${name}" is used as its server lists it`, async () => {
    await using double = await startDouble({ protocol: 'openai', answer: () => ['one'], models: [{ name }] });
    await using client = openAIClientFor(double.url, { model: name }, { guard });
    assert.deepEqual(
      (await client.chatModels(await client.installedModels())).map((model) => model.name),
      [name],
    );
    const { text } = await client.generate({ prompt: 'x' });
    await client.generate({ prompt: 'x', model: name });
    const bodies = double.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    assert.deepEqual([text, ...bodies.map((body) => body?.['model'])], ['one', name, name]);
  });

test('no other name is in a list, a setting or a request', async () => {
  for (const name of hostile) {
    assert.ok(!isModelName(name), JSON.stringify(name));
    assert.deepEqual(
      readModels({ data: [{ id: name }, { id: 'good', aliases: [name] }] })?.map(nameAndAliases),
      [['good', []]],
    );
  }
  await using double = await startDouble({
    protocol: 'openai',
    answer: () => ['one'],
    models: [{ name: 'good' }],
  });
  for (const model of hostile.filter(Boolean)) {
    assert.throws(() => openAIClientFor(double.url, { model }), OllamaSettingsError);
    await using client = openAIClientFor(double.url, { model: 'good' });
    const error = await failureOf(client.generate({ prompt: 'x', model }));
    assert.ok(error instanceof OllamaSettingsError && error.setting === 'model', JSON.stringify(model));
  }
  assert.deepEqual(
    double.requests.filter(({ method }) => method === 'POST'),
    [],
  );
});

const nameAndAliases = ({
  summary,
  aliases,
}: {
  summary: ModelSummary;
  aliases: readonly string[];
}): unknown[] => [summary.name, aliases];

test("an address that may be another server's takes such a name; once Ollama answers there, nothing is sent", async () => {
  await using double = await startDouble({ models: [{ name: 'tiny' }] });
  for (const model of real.filter((name) => !isPlainModelName(name))) {
    assert.throws(() => new OllamaClient({ ...defaultSettings, model }), OllamaSettingsError);
    await using client = clientFor(double.url, { model }, { acceptsAnyName: true });
    const error = await failureOf(client.generate({ prompt: 'x' }));
    assert.ok(error instanceof OllamaSettingsError && /\. _ \/ : - only/.test(error.message), String(error));
    assert.equal(await client.prewarm(), false);
  }
  assert.deepEqual(
    double.requests.filter(({ method }) => method === 'POST'),
    [],
  );
});

const patterns = [...settingSchemas(manifest)]
  .filter(([name]) => /\.(?:completion\.)?model$/.test(name))
  .map(([, { pattern = '$^' }]) => new RegExp(pattern, 'u'));
const tasks = Object.values(manifest.contributes.configuration.properties['codeworm.models'].properties);

test('the manifest accepts exactly these names, and none', () => {
  const all = [...patterns, ...tasks.map(({ pattern }) => new RegExp(pattern, 'u'))];
  assert.equal(all.length, 6);
  const texts = oneof(
    string({ unit: 'binary', maxLength: 20 }),
    tuple(constantFrom(...real), constantFrom(...hostile, ...real)).map(([one, other]) => one + other),
  );
  check(property(texts, (name) => all.every((one) => one.test(name) === (name === '' || isModelName(name)))));
});

for (const [name, unfitness] of [
  [String.raw`C:\models\nomic-embed-text-v1.5.gguf`, 'embedding'],
  [String.raw`C:\base\qwen2.5-coder.gguf`, undefined],
  ['granite-3.3-8b-base@q4_k_m', 'base'],
  ['/models/Nomic Embed Text.gguf', 'embedding'],
  ['/embedding models/Qwen2.5 Coder.gguf', undefined],
  ['/models/Llama 3 Base.gguf', 'base'],
  ['bge-m3@f16', 'embedding'],
] as const)
  test(`what "${name}" is for: ${unfitness ?? 'answers'}`, () =>
    assert.equal(unfitnessOf({ name, family: '', capabilities: [] } as unknown as ModelSummary), unfitness));
