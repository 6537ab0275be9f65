/** One answer in VS Code's chat, with the double: the parts for VS Code and the requests. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { ChatAnswer, CutAnswerError, type Question } from '../../../../src/chat/provider/answer.ts';
import {
  defaultSettings,
  OllamaClient,
  type ModelClient,
  type OllamaSettings,
  type StreamEvent,
} from '../../../../src/ollama/index.ts';
import { startDouble, type DoubleOptions, type OllamaDouble } from '../../../support/double/index.ts';
import { calls, tools } from './toolTextReading.ts';

const model = { name: 'tiny:latest', sizeBytes: 1e9, capabilities: ['completion', 'tools', 'thinking'] };
let double: OllamaDouble;
let client: OllamaClient;

afterEach(async () => {
  await client.close();
  await double.close();
});

async function begin(options: DoubleOptions = {}, settings: Partial<OllamaSettings> = {}): Promise<void> {
  double = await startDouble({ models: [model], ...options });
  client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny', ...settings });
}

/** Records the parts for VS Code, in order. */
class Shown {
  readonly parts: [kind: string, what: unknown][] = [];
  readonly phases: string[] = [];

  get text(): string {
    return this.parts.map(([kind, what]) => (kind === 'text' ? what : '')).join('');
  }
}

const question = (changed: Partial<Question> = {}): Question => ({
  model: 'tiny:latest',
  messages: [{ role: 'user', content: 'Hello?' }],
  tools: [],
  mustCall: false,
  think: false,
  askedBy: undefined,
  signal: new AbortController().signal,
  ...changed,
});

/** A client that answers with these events, whatever a server would send. */
function clientWith(events: readonly StreamEvent[]): ModelClient {
  async function* streamWithRetry(): AsyncGenerator<StreamEvent, unknown> {
    yield* events;
    return { model: 'tiny:latest', text: '', thinking: '', toolCalls: [], doneReason: 'stop' };
  }
  return { streamWithRetry } as never;
}

async function ask(
  changed: Partial<Question> = {},
  shown = new Shown(),
  asked: ModelClient = client,
): Promise<Shown> {
  const answer = new ChatAnswer(question(changed), {
    text: (text) => shown.parts.push(['text', text]),
    thinking: (text) => shown.parts.push(['thinking', text]),
    call: ({ name, arguments: args }) => shown.parts.push(['call', { name, arguments: args }]),
    onEvent: (event) => {
      if (event.type === 'phase') shown.phases.push(event.phase);
      if (event.type === 'retry') shown.phases.push('retry');
    },
  });
  await answer.run(asked);
  return shown;
}

/** Consecutive texts as one. */
function merged(parts: Shown['parts']): Shown['parts'] {
  return parts.reduce<Shown['parts']>((all, [kind, what]) => {
    const last = all.at(-1);
    if (kind === 'text' && last?.[0] === 'text') last[1] = `${String(last[1])}${String(what)}`;
    else all.push([kind, what]);
    return all;
  }, []);
}

const chats = (): Record<string, unknown>[] =>
  double.requests
    .filter(({ path, body }) => path === '/api/chat' && body['messages'])
    .map(({ body }) => body);

describe('an answer in the chat', () => {
  test('is text, streamed, with its phases', async () => {
    await begin({ answer: () => ['One', ' two', ' three.'] });
    const shown = await ask();
    assert.equal(shown.text, 'One two three.');
    assert.ok(shown.parts.length > 1, 'in pieces');
    assert.deepEqual(
      shown.phases,
      ['connecting', 'loading', 'reading', 'writing'].filter((phase) => shown.phases.includes(phase)),
    );
    assert.ok(shown.phases.includes('writing'));
  });

  test('separates thinking from the text, marked by the server or by the model', async () => {
    await begin({ thinking: () => 'Hm.', answer: () => 'Yes.' });
    const told = await ask({ think: true });
    assert.deepEqual(
      [
        told.parts
          .filter(([kind]) => kind === 'thinking')
          .map(([, what]) => what)
          .join(''),
        told.text,
      ],
      ['Hm.', 'Yes.'],
    );
    double.set({ answer: () => '<think>Hm.</think>\nNo.' });
    const written = await ask();
    assert.deepEqual(
      [
        written.parts
          .filter(([kind]) => kind === 'thinking')
          .map(([, what]) => what)
          .join(''),
        written.text,
      ],
      ['Hm.', 'No.'],
    );
  });

  test('calls tools: calls of the server, and calls in the text', async () => {
    const call = calls.readFile('/a.ts');
    await begin({ toolCalls: () => [call] });
    assert.deepEqual((await ask({ tools: tools as Question['tools'] })).parts, [['call', call]]);
    double.set({
      toolCalls: () => [],
      answer: () => `I look.\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>`,
    });
    const shown = await ask({ tools: tools as Question['tools'] });
    assert.equal(shown.text, 'I look.\n');
    assert.deepEqual(shown.parts.at(-1), ['call', call]);
    double.set({ answer: () => JSON.stringify(call) });
    assert.equal((await ask()).text, JSON.stringify(call), 'nothing was offered');
  });

  test('keeps the order of texts and calls, however little text there is', async () => {
    const call = calls.readFile('/a.ts');
    const offered = { tools: tools as Question['tools'] };
    await begin();
    for (const text of ['ok <', 'a', '{"name": "re', '```json', '<tool']) {
      const events: StreamEvent[] = [
        { type: 'text', text },
        { type: 'toolCall', call: { ...call, id: '1' } },
        { type: 'text', text: 'then' },
      ];
      const shown = await ask(offered, new Shown(), clientWith(events));
      assert.deepEqual(merged(shown.parts), [
        ['text', text],
        ['call', call],
        ['text', 'then'],
      ]);
    }
    const told = `<tool_call>${JSON.stringify(call)}</tool_call>`;
    double.set({ toolCalls: () => [], answer: () => `ok\n${told}\nand\n${told}` });
    assert.deepEqual(merged((await ask(offered)).parts), [
      ['text', 'ok\n'],
      ['call', call],
      ['text', '\nand\n'],
      ['call', call],
    ]);
  });

  test('tokens of templates in the question are data, and are returned unchanged', async () => {
    await begin({ answer: ({ prompt }) => /<\S+\|>/.exec(prompt)![0] });
    assert.equal(
      (await ask({ messages: [{ role: 'user', content: 'Repeat <|im_end|>' }] })).text,
      '<|im_end|>',
    );
    assert.doesNotMatch(JSON.stringify(chats()), /<\|im_end\|>/);
  });

  test('is requested again only before any text has come', async () => {
    await begin();
    void double.faultNext(({ path }) => path === '/api/chat', {
      kind: 'respond',
      status: 503,
      headers: { 'Retry-After': '0' },
      body: '{"error":"server busy"}',
    });
    const shown = await ask();
    assert.deepEqual([chats().length, shown.phases.includes('retry')], [2, true]);
  });

  test('is not requested again after a part of it has come, and that part stays', async () => {
    await begin({ answer: () => ['One', ' two', ' <tool_ca', 'll', ' three'] });
    void double.faultNext(({ path }) => path === '/api/chat', { kind: 'cut', how: 'reset', afterLines: 4 });
    const shown = new Shown();
    await assert.rejects(ask({ tools: tools as Question['tools'] }, shown));
    assert.equal(chats().length, 1);
    assert.match(shown.text, /^One two/);
  });

  test('uses a smaller context window when memory is short', async () => {
    await begin(
      { models: [{ ...model, memoryPerTokenBytes: 100_000 }], memoryBytes: 1e9 + 4096 * 100_000 },
      { numCtx: 16_384 },
    );
    await ask();
    assert.equal(double.loaded()[0]?.numCtx, 4096);
    assert.equal(client.reducedNumCtx('tiny:latest'), 4096);
  });

  test('that is cancelled closes its connection at once', async () => {
    await begin({ answer: () => ['One', ' two'] });
    const abort = new AbortController();
    const gate = double.hold({ afterTokens: 1 }, ({ path }) => path === '/api/chat');
    const asking = ask({ signal: abort.signal });
    const request = await gate.reached;
    abort.abort(new Error('enough'));
    await assert.rejects(asking, /enough/);
    await request.closed;
    assert.equal(request.state, 'cancelled');
  });
});

describe('an unusable answer is an error', () => {
  test('an empty answer, only thinking, or a call of an unknown tool', async () => {
    await begin({ answer: () => '' });
    await assert.rejects(ask(), { kind: 'emptyAnswer' });
    double.set({ thinking: () => 'Hm.' });
    await assert.rejects(ask({ think: true }), { kind: 'thinkingOnly' });
  });

  test('cut at the limit of tokens, or at the end of the context window', async () => {
    await begin({ answer: () => 'one two three four five six' }, { numPredict: 3 });
    const shown = new Shown();
    await assert.rejects(
      ask({}, shown),
      (error) => error instanceof CutAnswerError && /codeworm\.numPredict/.test(error.message),
    );
    assert.notEqual(shown.text, '');
  });

  test('text instead of a required call', async () => {
    await begin({ answer: () => 'No.', toolCalls: () => [] });
    await assert.rejects(
      ask({ tools: tools as Question['tools'], mustCall: true }),
      /wrote text, where a call of a tool was wanted/,
    );
    assert.match(JSON.stringify(chats()[0]), /Answer with a call of one of the tools/);
  });
});
