import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { defaultSettings, OllamaClient, type ChatMessage } from '../../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../../support/double/index.ts';

const isRendering = ({ body }: RecordedRequest): boolean => body['_debug_render_only'] === true;
const messages: ChatMessage[] = [
  { role: 'user', content: 'Write a page.' },
  { role: 'assistant', content: '## Purpose\n\nIt adds' },
];

describe('whether a partial answer would be continued', () => {
  let double: OllamaDouble;
  let client: OllamaClient;

  beforeEach(async () => {
    double = await startDouble({ models: [{ name: 'tiny' }, { name: 'ending', endsAnswers: true }] });
    client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny' });
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  it('is what the server shows of its own prompt', async () => {
    const system = 'You write pages.';
    assert.equal(await client.continuesAnswer({ system, messages }), true);
    assert.equal(await client.continuesAnswer({ system, messages, model: 'ending' }), false);
  });

  it('is known after the model was unloaded, and has been loaded for it', async () => {
    await client.generate({ prompt: 'Hi' });
    double.unload('tiny');
    assert.equal(await client.continuesAnswer({ messages }), true);
    assert.equal(double.loaded().length, 1);
  });

  it('is no question without a partial answer', async () => {
    for (const request of [
      { messages: messages.slice(0, 1) },
      { messages: messages.slice(1) },
      { prompt: 'Hi' },
    ])
      assert.equal(await client.continuesAnswer(request), false);
    assert.deepEqual(double.requests.filter(isRendering), []);
  });

  it('reloads no model, and costs one token at most where a server ignores the question', async () => {
    await client.generate({ prompt: 'Hi' });
    await client.continuesAnswer({ messages, maxTokens: 500 });
    assert.equal(double.loaded().length, 1);
    const [first, asked] = [double.requests[0]!.body, double.requests.find(isRendering)!.body];
    const options = asked['options'] as Record<string, unknown>;
    assert.equal(options['num_predict'], 1);
    assert.equal(options['num_ctx'], (first['options'] as Record<string, unknown>)['num_ctx']);
    assert.equal(asked['keep_alive'], first['keep_alive']);
    assert.equal(asked['stream'], false);
  });

  it('is not known of a model on another server, which is asked nothing', async () => {
    assert.equal(await client.continuesAnswer({ messages, model: 'large:cloud' }), false);
    assert.deepEqual(double.requests.filter(isRendering), []);
  });

  it('is not known of a server that refuses, or shows something else', async () => {
    for (const body of [
      '{}',
      '{"_debug_info":{"rendered_template":7}}',
      '{"_debug_info":{"rendered_template":""}}',
      'no',
    ]) {
      void double.faultNext(isRendering, { kind: 'respond', status: 200, body });
      assert.equal(await client.continuesAnswer({ messages }), false, body);
    }
    void double.faultNext(isRendering, { kind: 'respond', status: 500, body: '{"error":"broken"}' });
    assert.equal(await client.continuesAnswer({ messages }), false);
  });

  it('is left open by an abort', async () => {
    const abort = new AbortController();
    void double.faultNext(isRendering, { kind: 'silent' });
    const asked = client.continuesAnswer({ messages, signal: abort.signal });
    await double.nextRequest(isRendering);
    abort.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
  });
});
