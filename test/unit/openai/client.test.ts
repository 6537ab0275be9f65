/** The client for OpenAI-compatible servers: its requests, its results, and what it cannot do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaError, OllamaModelNotFoundError, type ModelClient } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer, type DoubleOptions } from '../../support/double/index.ts';
import { chunked, failureOf, json, outcomeOf, sized } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { openAIClientFor } from '../../support/wires.ts';

const openai: DoubleOptions = { protocol: 'openai', answer: () => ['one ', 'two'] };

test('an answer, with its phases, counts, cached tokens and speed', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(openai);
    await using client = openAIClientFor(double.url);
    await client.generate({ prompt: 'The same beginning' });
    const { parts, result } = await outcomeOf(client.stream({ prompt: 'The same beginning' }));
    const phases = parts.flatMap((part) => (part.type === 'phase' ? [part.phase] : []));
    assert.deepEqual(phases, ['connecting', 'reading', 'writing']);
    assert.ok(result);
    assert.deepEqual([result.text, result.model, result.doneReason], ['one two', 'tiny', 'stop']);
    assert.equal(result.completionTokens, 2);
    assert.equal(result.totalTokens, result.promptTokens! + 2);
    assert.equal(result.cachedTokens, result.promptTokens! - 1);
    assert.ok(result.tokensPerSecond! > 0);
  }));

for (const base of ['', '/', '/v1', '/v1/', '/v1/chat/completions', '/v1/models'])
  test(`the address may end with "${base}"`, () =>
    withoutLeaks(async () => {
      await using double = await startDouble(openai);
      await using client = openAIClientFor(double.url + base);
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
      assert.equal(client.address, double.url);
    }));

test('a path before the API', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...openai, pathPrefix: '/team/engine' });
    await using client = openAIClientFor(`${double.url}/team/engine/v1`);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    assert.equal(await client.healthCheck(), true);
  }));

test('the key of the settings is sent; without it the server refuses', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...openai, apiKey: 'the-key-of-the-team' });
    await using client = openAIClientFor(double.url, {
      headers: { Authorization: 'Bearer the-key-of-the-team' },
    });
    assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    await using stranger = openAIClientFor(double.url, { headers: { Authorization: 'Bearer another-key' } });
    const error = (await failureOf(stranger.generate({ prompt: 'x' }))) as OllamaError;
    assert.deepEqual([error.kind, error.status], ['unauthorized', 401]);
    assert.doesNotMatch(error.message, /another-key|Ollama/);
  }));

test('a call of a tool, whose arguments come in pieces, and its result', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({
      ...openai,
      toolCalls: ({ tools, lastRole }) =>
        lastRole === 'user'
          ? [
              { name: tools[0]!, arguments: { path: 'a "b".ts', deep: [{ x: 1 }] } },
              { name: tools[1]!, arguments: {} },
            ]
          : [],
    });
    await using client = openAIClientFor(double.url);
    const tools = [{ name: 'read', description: 'reads', parameters: { type: 'object' } }, { name: 'list' }];
    const { result, parts } = await outcomeOf(client.stream({ prompt: 'x', tools }));
    const calls = parts.flatMap((part) => (part.type === 'toolCall' ? [part.call] : []));
    assert.deepEqual(
      calls.map(({ name, arguments: args }) => [name, args]),
      [
        ['read', { path: 'a "b".ts', deep: [{ x: 1 }] }],
        ['list', {}],
      ],
    );
    assert.deepEqual(result?.toolCalls, calls);
    assert.equal(result?.doneReason, 'tool_calls');
    const messages = [
      { role: 'user' as const, content: 'x' },
      { role: 'assistant' as const, content: '', toolCalls: calls },
      ...calls.map(({ id }) => ({ role: 'tool' as const, content: 'done', toolCallId: id })),
    ];
    assert.equal((await client.generate({ messages, tools })).text, 'one two');
    const [, , sent] = double.requests.at(-1)!.body.messages as unknown as Record<string, unknown>[];
    assert.deepEqual(sent, { role: 'tool', content: 'done', tool_call_id: calls[0]!.id });
  }));

test('thinking is separate from the answer, and can be switched off', () =>
  withoutLeaks(async () => {
    const models = [{ name: 'tiny', capabilities: ['completion', 'thinking'] }];
    await using double = await startDouble({ ...openai, models, thinking: () => 'hm' });
    await using client = openAIClientFor(double.url);
    const thought = await outcomeOf(client.stream({ prompt: 'x' }));
    assert.deepEqual([thought.thinking, thought.text], ['hm', 'one two']);
    assert.equal((await client.generate({ prompt: 'x', think: false })).thinking, '');
    assert.deepEqual(double.requests.at(-1)!.body['chat_template_kwargs'], { enable_thinking: false });
    await client.generate({ prompt: 'x', think: 'high' });
    assert.equal(double.requests.at(-1)!.body['reasoning_effort'], 'high');
  }));

test('/infill fills a gap if the server has it, and raw prompts are sent unchanged', () =>
  withoutLeaks(async () => {
    await using double = await startDouble(openai);
    await using client = openAIClientFor(double.url);
    const filled = await client.generate({ prompt: 'def f(', suffix: '\n  return x' });
    assert.deepEqual([filled.text, filled.doneReason], ['one two', 'stop']);
    const infill = double.requests.at(-1)!;
    assert.deepEqual(
      [infill.path, infill.body['input_prefix'], infill.body['input_suffix']],
      ['/infill', 'def f(', '\n  return x'],
    );
    await client.generate({ prompt: '<fim>', raw: true, maxTokens: 1, stop: ['\n'] });
    const raw = double.requests.at(-1)!;
    assert.deepEqual([raw.path, raw.body.prompt, raw.body['max_tokens']], ['/v1/completions', '<fim>', 1]);
    assert.deepEqual(raw.body['stop'], ['\n']);
  }));

test('the model: the one of the setting, else the first that can answer', () =>
  withoutLeaks(async () => {
    const models = [{ name: 'nomic-embed-text' }, { name: 'org/coder-7b-instruct' }];
    await using double = await startDouble({ ...openai, models });
    await using client = openAIClientFor(double.url, { model: '' });
    assert.equal(await client.resolveModel(), 'org/coder-7b-instruct');
    assert.equal((await client.generate({ prompt: 'x' })).model, 'org/coder-7b-instruct');
    const error = await failureOf(client.generate({ prompt: 'x', model: 'gone' }));
    assert.ok(error instanceof OllamaModelNotFoundError && error.model === 'gone', String(error));
    assert.match(
      error.message,
      /does not have the model "gone": .*\(nomic-embed-text, org\/coder-7b-instruct\)/,
    );
    double.setModels([{ name: 'bge-m3' }]);
    await using other = openAIClientFor(double.url, { model: '' });
    const none = (await failureOf(other.generate({ prompt: 'x' }))) as OllamaError;
    assert.equal(none.kind, 'noModel');
  }));

test('the window is the one that the server reports, else the one of a refusal, else the setting', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...openai, defaultNumCtx: 1024 });
    await using client = openAIClientFor(double.url, { numCtx: 9999 });
    assert.equal(client.numCtxFor('tiny'), 9999);
    assert.deepEqual(await client.promptBudget(), {
      model: 'tiny',
      numCtx: 1024,
      numPredict: 4096,
      charsPerToken: 3,
    });
    await using other = openAIClientFor(double.url, { numCtx: 9999 });
    const error = (await failureOf(other.generate({ prompt: 'lorem ipsum '.repeat(2000) }))) as OllamaError;
    assert.equal(error.kind, 'contextExceeded');
    assert.match(error.message, /\d{4} of 1024 tokens/);
    assert.equal(other.numCtxFor('tiny'), 1024);
  }));

test('counts that a server does not report are unknown, not zero', () =>
  withoutLeaks(async () => {
    const delta = (value: object, reason: string | null = null): string =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: value, finish_reason: reason }] })}\n\n`;
    await using server = await startRawServer(
      (socket) => void socket.write(chunked(delta({ content: 'x' }), delta({}, 'stop'), 'data: [DONE]\n\n')),
    );
    await using client = openAIClientFor(server.url);
    const result = await client.generate({ prompt: 'x' });
    const { promptTokens, completionTokens, totalTokens, tokensPerSecond } = result;
    assert.deepEqual(
      [promptTokens, completionTokens, totalTokens, tokensPerSecond],
      [undefined, undefined, undefined, undefined],
    );
    assert.equal('cachedTokens' in result, false);
  }));

test('what the server cannot do is refused with one message, without a request', () =>
  withoutLeaks(async () => {
    const client: ModelClient = openAIClientFor('http://127.0.0.1:9');
    assert.deepEqual(client.capabilities.pull, false);
    for (const call of [client.unload(), client.pullModel('x', () => undefined), client.deleteModel('x')]) {
      const error = (await failureOf(call)) as OllamaError;
      assert.ok(error instanceof OllamaError && error.kind === 'unsupported', String(error));
      assert.doesNotMatch(error.message, /Ollama/);
    }
    assert.deepEqual(await client.loadedModels(), []);
    await client.close();
  }));

test('a server that is loading is waited for', () =>
  withoutLeaks(async () => {
    await using double = await startDouble({ ...openai, loading: true });
    await using client = openAIClientFor(double.url);
    const running = outcomeOf(client.stream({ prompt: 'x' }));
    await double.nextRequest(({ path }) => path === '/health');
    double.set({ loading: false });
    const { parts, result, error } = await running;
    assert.equal(result?.text, 'one two', String(error));
    assert.ok(parts.some((part) => part.type === 'phase' && part.phase === 'loading'));
    assert.equal(parts.filter(({ type }) => type === 'retry').length, 0);
  }));

test('lists in every form, and other answers', () =>
  withoutLeaks(async () => {
    let body = '';
    await using server = await startRawServer((socket) => void socket.write(sized('200 OK', body)));
    await using client = openAIClientFor(server.url);
    const lists: [string, string[]][] = [
      ['{"data":[{"id":"a"},{"id":"b","max_model_len":4096}]}', ['a', 'b']],
      ['[{"id":"a"}]', ['a']],
      ['{"data":[null,5,{"id":7},{"id":""},{"id":"a","meta":null}]}', ['a']],
      ['{"data":{}}', []],
      ['{"mod', []],
      ['<html></html>', []],
    ];
    for (const [text, names] of lists) {
      body = text;
      assert.deepEqual(
        (await client.listModels()).map(({ name }) => name),
        names,
        text,
      );
    }
    body = '{"data":{}}';
    const error = (await failureOf(client.installedModels())) as OllamaError;
    assert.match(error.message, /does not look like a server of language models/);
    body = '{"data":[{"id":"b","max_model_len":4096,"owned_by":"vllm"}]}';
    await client.listModels();
    assert.equal((await client.promptBudget(undefined, { model: 'b' })).numCtx, 4096);
  }));

test('an answer that does not stream is read as one that does', () =>
  withoutLeaks(async () => {
    const message = {
      content: [
        { type: 'text', text: 'one ' },
        { type: 'text', text: 'two' },
      ],
      tool_calls: [{ id: 'c', function: { name: 'read', arguments: '{"a":1}' } }],
    };
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    await using server = await startRawServer(
      (socket) => void socket.write(json('200 OK', { choices: [{ message, finish_reason: 'stop' }], usage })),
    );
    await using client = openAIClientFor(server.url);
    const result = await client.generate({ prompt: 'x' });
    assert.deepEqual([result.text, result.totalTokens], ['one two', 5]);
    assert.deepEqual(result.toolCalls, [{ id: 'c', name: 'read', arguments: { a: 1 } }]);
  }));
