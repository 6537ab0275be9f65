/** Which models can answer questions, by capabilities, name and template, and the message when none can. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaModelNotFoundError } from '../../../../src/ollama/index.ts';
import { readInstalled } from '../../../../src/ollama/api/models.ts';
import { unfitnessOf } from '../../../../src/http/client/modelUse.ts';
import { hasChatTemplate } from '../../../../src/ollama/api/chatTemplate.ts';
import {
  loadRecordings,
  startDouble,
  startRawServer,
  type ModelSpec,
} from '../../../support/double/index.ts';
import { clientFor, failureOf, json } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const completion = ['completion'];
const insert = ['completion', 'insert'];

function unfit(name: string, capabilities: string[] = completion, family = 'llama'): string | undefined {
  const [model] = readInstalled({ models: [{ name, capabilities, details: { family } }] });
  return unfitnessOf(model!);
}

test('base models by their names', () => {
  for (const name of [
    'qwen2.5-coder:1.5b-base',
    'qwen2.5-coder:7b-base-q4_K_M',
    'deepseek-coder:6.7b-base',
    'hf.co/someone/Qwen2.5-Coder-7B-base-GGUF:Q4_K_M',
    'codellama:7b-code',
    'CodeLlama:code',
    'codegemma:2b-code-q8_0',
    'llama3:8b-text',
    'mistral:text',
    'gemma3:4b-pt',
    'starcoder:latest',
    'starcoder2:3b',
    'starcoder2',
    'stable-code:3b',
    'myregistry.test:5000/team/starcoder2:15b',
    'granite-code:3b-base',
    'llama-3.1-foundation:8b',
  ])
    assert.equal(unfit(name, insert), 'base', name);
  assert.equal(unfit('qwen2.5-coder:1.5b-base', ['completion', 'tools', 'insert']), 'base');
});

test('chat models by their names', () => {
  for (const name of [
    'llama3.2:3b',
    'qwen2.5-coder:1.5b',
    'qwen2.5-coder:7b-instruct-q4_K_M',
    'granite-code:8b',
    'opencoder:8b',
    'deepseek-coder:6.7b',
    'deepseek-coder:6.7b-instruct',
    'starcoder2:instruct',
    'starcoder2:15b-instruct-v0.1-q4_0',
    'stable-code:3b-instruct',
    'codellama:7b-instruct',
    'base:latest',
    'gemma3:4b-it-qat',
    'database-helper:latest',
    'basecamp:1b',
    'textile:1b',
  ])
    assert.equal(unfit(name, insert), undefined, name);
  assert.equal(unfit('starcoder2:3b', ['completion', 'tools']), undefined, 'its template has tools');
});

test('embedding models, also when the server reports no capabilities', () => {
  assert.equal(unfit('anything:latest', ['embedding']), 'embedding');
  for (const name of [
    'nomic-embed-text',
    'mxbai-embed-large:335m',
    'all-minilm:22m',
    'bge-m3',
    'qwen3-embedding:4b',
  ])
    assert.equal(unfit(name, []), 'embedding', name);
  assert.equal(unfit('own:latest', [], 'nomic-bert'), 'embedding');
  assert.equal(unfit('embedded-c-helper:7b', []), undefined);
});

test('templates', () => {
  const chat = '{{ if .System }}<|im_start|>system{{ .System }}{{ end }}<|im_start|>user{{ .Prompt }}';
  const cases: [template: string, expected: boolean | undefined][] = [
    ['{{ .Prompt }}', false],
    ['{{- .Prompt -}}\n{{ .Response }}', false],
    ['{{ if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}<MID>{{ else }}{{ .Prompt }}{{ end }}', false],
    [`{{- if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}{{- else if .Messages }}x{{ end }}`, true],
    [`{{- if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}{{ else }}${chat}{{ end }}`, true],
    [chat, true],
    ['[INST] {{ .System }} {{ .Prompt }} [/INST]', true],
    ['', undefined],
  ];
  for (const [template, expected] of cases) assert.equal(hasChatTemplate({ template }), expected, template);
  assert.equal(
    hasChatTemplate({ template: '{{ .Prompt }}', modelfile: 'FROM x\nRENDERER qwen3-coder\n' }),
    true,
  );
  assert.equal(hasChatTemplate({ template: '{{ .Prompt }}', renderer: 'harmony' }), true);
  assert.equal(hasChatTemplate(undefined), undefined);
  for (const name of ['show', 'show-fim', 'show-agent']) {
    const recording = loadRecordings().find((one) => one.name === name);
    if (!recording) continue;
    const body = recording.response.chunks.map(([, text]) => text).join('');
    const template = /"template":("(?:[^"\\]|\\.)*")/.exec(body)?.[1] ?? '""';
    assert.equal(hasChatTemplate({ template: JSON.parse(template) as string }), true, name);
  }
});

async function chosenAmong(models: ModelSpec[]): Promise<{ model: unknown; shown: string[] }> {
  await using double = await startDouble({ models });
  await using client = clientFor(double.url, { model: '' });
  const model = await client.resolveModel().catch((error: unknown) => error);
  const shown = double.requests.filter(({ path }) => path === '/api/show');
  return { model, shown: shown.map(({ body }) => String(body['model'])) };
}

const model = (name: string, day: number, more: Partial<ModelSpec> = {}): ModelSpec => ({
  name,
  capabilities: completion,
  modifiedAt: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`,
  ...more,
});

test('the newest model that can answer is chosen; details are requested only when the list is not enough', () =>
  withoutLeaks(async () => {
    const choice = await chosenAmong([
      model('qwen2.5-coder:1.5b-base', 20, { capabilities: insert }),
      model('llama3.2:3b', 1, { capabilities: ['completion', 'tools'] }),
      model('starcoder2:3b', 21),
    ]);
    assert.deepEqual(choice, { model: 'llama3.2:3b', shown: [] });
  }));

test('a bare template excludes a model with a name like any other', () =>
  withoutLeaks(async () => {
    const bare = { template: '{{ .Prompt }}' };
    const choice = await chosenAmong([
      model('harmless:7b', 9, bare),
      model('older:3b', 5),
      model('sly:1b', 8, bare),
    ]);
    assert.deepEqual(choice, { model: 'older:3b', shown: ['harmless:7b', 'sly:1b', 'older:3b'] });
  }));

test('when none can answer, the message names the installed ones and a model to pull', () =>
  withoutLeaks(async () => {
    const { model: error } = await chosenAmong([
      model('qwen2.5-coder:1.5b-base', 20, { capabilities: insert }),
      model('nomic-embed-text:latest', 21, { capabilities: ['embedding'] }),
      model('harmless:7b', 9, { template: '{{ .Prompt }}' }),
    ]);
    assert.ok(error instanceof OllamaModelNotFoundError && error.kind === 'noModel', String(error));
    for (const part of ['qwen2.5-coder:1.5b-base', 'nomic-embed-text:latest', 'harmless:7b', 'ollama pull'])
      assert.ok(error.message.includes(part), error.message);
  }));

test('a server that cannot say more than its list', () =>
  withoutLeaks(async () => {
    const models = [{ name: 'starcoder2:3b' }, { name: 'a:1b', modified_at: '2026-01-01T00:00:00Z' }];
    await using server = await startRawServer((socket, { path }) => {
      socket.end(path === '/api/tags' ? json('200 OK', { models }) : json('404 Not Found', { error: 'no' }));
    });
    await using client = clientFor(server.url, { model: '' });
    assert.equal(await client.resolveModel(), 'a:1b');
    models.pop();
    await using other = clientFor(server.url, { model: '' });
    assert.match(String(await failureOf(other.resolveModel())), /starcoder2:3b/);
  }));
