/** What a server refuses once is not asked of it again: tools, images, and the order of requests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaError } from '../../../src/ollama/index.ts';
import { readModels } from '../../../src/openai/models.ts';
import { unfitnessOf } from '../../../src/http/client/modelUse.ts';
import { startRawServer, type RawServer } from '../../support/double/index.ts';
import { chunked, failureOf, json } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { openAIClientFor, wholeOf, wires } from '../../support/wires.ts';

const events = wires.find(({ protocol }) => protocol === 'openai')!;

/** A server like vLLM. @param refusal the message with which it refuses a request, if it does */
function vllm(refusal: (body: Record<string, unknown>) => string | undefined): Promise<RawServer> {
  const list = { object: 'list', data: [{ id: 'org/coder', owned_by: 'vllm', max_model_len: 8192 }] };
  return startRawServer((socket, { path, body }) => {
    if (path === '/v1/models') return void socket.write(json('200 OK', list));
    if (path !== events.path) return void socket.write(json('404 Not Found', { detail: 'Not Found' }));
    const message = refusal(JSON.parse(body) as Record<string, unknown>);
    if (message === undefined) return void socket.write(chunked(wholeOf(events)));
    socket.write(json('400 Bad Request', { object: 'error', message, type: 'BadRequestError', code: 400 }));
  });
}
const bodies = ({ requests }: RawServer): Record<string, unknown>[] =>
  requests
    .filter(({ path }) => path === events.path)
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test('the priority is sent to vLLM, and no more after it was refused', () =>
  withoutLeaks(async () => {
    let isOrdered = true;
    await using server = await vllm(({ priority }) =>
      isOrdered || priority === undefined
        ? undefined
        : 'Got priority 3 but priority scheduling is not enabled.',
    );
    await using client = openAIClientFor(server.url, { model: 'org/coder' });
    await client.installedModels();
    await client.generate({ prompt: 'question' });
    await client.generate({ prompt: 'page', priority: 3 });
    isOrdered = false;
    assert.equal((await client.generate({ prompt: 'page', priority: 3 })).text, 'one two');
    await client.generate({ prompt: 'page', priority: 3 });
    assert.deepEqual(
      bodies(server).map(({ priority }) => priority),
      [undefined, 3, 3, undefined, undefined],
    );
  }));

test('the priority is sent to no other server', () =>
  withoutLeaks(async () => {
    await using server = await startRawServer(
      (socket, { path }) =>
        void socket.write(
          path === events.path ? chunked(wholeOf(events)) : json('200 OK', { data: [{ id: 'tiny' }] }),
        ),
    );
    await using client = openAIClientFor(server.url);
    await client.installedModels();
    await client.generate({ prompt: 'x', priority: 3 });
    assert.equal('priority' in bodies(server)[0]!, false);
  }));

const refusals: [what: 'tools' | 'images', message: string][] = [
  ['tools', '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  ['images', 'org/coder is not a multimodal model'],
];
for (const [what, message] of refusals)
  test(`${what} that the server refuses are not offered again`, () =>
    withoutLeaks(async () => {
      await using server = await vllm(() => message);
      await using client = openAIClientFor(server.url, { model: 'org/coder' });
      const [model] = await client.installedModels();
      const request = what === 'tools' ? { tools: [{ name: 'read' }] } : { images: ['iVBORw0KGgo='] };
      const error = await failureOf(client.generate({ prompt: 'x', ...request }));
      assert.ok(error instanceof OllamaError && error.kind === 'unsupported', String(error));
      assert.equal(client.abilitiesOf(model!)[what], false);
      assert.equal(client.capabilities[what], false);
    }));

test('what a server has refused is offered again after it was stopped', () =>
  withoutLeaks(async () => {
    let isStopped = false;
    let requests = 0;
    await using server = await startRawServer((socket, { path }) => {
      if (isStopped) return void socket.destroy();
      if (path === '/v1/models') return void socket.write(json('200 OK', { data: [{ id: 'tiny' }] }));
      requests++;
      socket.write(json('400 Bad Request', { error: { message: refusals[0]![1] } }));
    });
    await using client = openAIClientFor(server.url);
    const ask = () => client.generate({ prompt: 'x', tools: [{ name: 'read' }] });
    await failureOf(ask());
    assert.equal(client.capabilities.tools, false);
    isStopped = true;
    assert.deepEqual(await client.listModels(), []);
    isStopped = false;
    assert.equal(client.capabilities.tools, true);
    await failureOf(ask());
    assert.deepEqual([client.capabilities.tools, requests], [false, 2]);
  }));

test('tools and images, as lists in different forms report them', () => {
  const forms: [entry: object, tools: boolean | undefined, images: boolean][] = [
    [{}, undefined, false],
    [{ supported_parameters: ['temperature', 'tools'] }, true, false],
    [{ supported_parameters: ['temperature'] }, false, false],
    [{ capabilities: ['tool_use', 'vision'] }, true, true],
    [{ capabilities: ['chat', 'function_calling'] }, true, false],
    [{ capabilities: ['tool-calling'] }, true, false],
    [{ capabilities: [] }, false, false],
    [{ capabilities: ['functional', 7] }, false, false],
    [{ capabilities: 'tools' }, undefined, false],
    [{ architecture: { input_modalities: ['text', 'image'] } }, undefined, true],
    [{ architecture: { input_modalities: 'image' } }, undefined, false],
    [{ architecture: null }, undefined, false],
  ];
  for (const [entry, tools, images] of forms) {
    const [model] = readModels({ data: [{ id: 'm', ...entry }] })!;
    assert.equal(model!.tools, tools, JSON.stringify(entry));
    assert.equal(model!.summary.capabilities.includes('vision'), images, JSON.stringify(entry));
  }
});

const lists: [
  server: string,
  entry: object,
  window: number,
  unfitness: string | undefined,
  tools: boolean | undefined,
][] = [
  ['TabbyAPI', { parameters: { max_seq_len: 4096, cache_size: 1 } }, 4096, undefined, undefined],
  ['OpenRouter', { context_length: 0, top_provider: { context_length: 8192 } }, 8192, undefined, undefined],
  ['OpenRouter', { architecture: { output_modalities: ['image'] } }, 0, 'embedding', undefined],
  [
    'Mistral',
    { max_context_length: 32_768, capabilities: { completion_chat: true, function_calling: false } },
    32_768,
    undefined,
    false,
  ],
  ['Mistral', { capabilities: { completion_chat: false, function_calling: false } }, 0, 'embedding', false],
  ['KubeAI', { features: ['TextGeneration'] }, 0, undefined, undefined],
  ['KubeAI', { features: ['TextEmbedding'] }, 0, 'embedding', undefined],
  ['Together', { type: 'rerank', context_length: 512 }, 512, 'embedding', undefined],
  ['Together', { type: 'chat', context_length: 8192 }, 8192, undefined, undefined],
  [
    'any server',
    { type: 'model', features: 'x', parameters: [], capabilities: 7, max_model_len: '1' },
    0,
    undefined,
    undefined,
  ],
];

for (const [server, entry, window, unfitness, tools] of lists)
  test(`the list of ${server}: ${JSON.stringify(entry)}`, () => {
    const [model] = readModels({ data: [{ id: 'coder', ...entry }] }) ?? [];
    assert.ok(model);
    assert.deepEqual(
      [model.windowTokens, unfitnessOf(model.summary), model.tools],
      [window, unfitness, tools],
    );
  });
