/** Ten turns of an agent with the double: how much is evaluated again, and how often the model is loaded. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ChatAnswer } from '../../../../src/chat/provider/answer.ts';
import { toConversation, type VscodeMessage } from '../../../../src/chat/provider/messages.ts';
import { toTools, type VscodeTool } from '../../../../src/chat/provider/tools.ts';
import { defaultSettings, OllamaClient, type ToolCall } from '../../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../../../support/double/index.ts';
import { commonPrefix, defaultTokenize } from '../../../support/double/tokens.ts';

const code = 'export const total = (items) => items.reduce((sum, { price }) => sum + price, 0);\n';
const vscodeTools: VscodeTool[] = ['read_file', 'grep_search', 'create_file', 'list_dir'].map((name) => ({
  name,
  description: `Does ${name}. ${'It does it well. '.repeat(20)}`,
  inputSchema: {
    type: 'object',
    properties: { filePath: { type: 'string', description: 'A path.' }, startLine: { type: 'number' } },
    required: ['filePath'],
  },
}));

/** The same tools as VS Code may list them later: with another order of tools and keys. */
function reordered(turn: number): VscodeTool[] {
  const turned = [...vscodeTools.slice(turn % 4), ...vscodeTools.slice(0, turn % 4)];
  const turnAround = (schema: object): object => Object.fromEntries(Object.entries(schema).toReversed());
  return turned.map(({ name, description, inputSchema = {} }) => ({
    name,
    description,
    inputSchema: turn % 2 === 0 ? inputSchema : turnAround(inputSchema),
  }));
}

/** The parts of a request in the order in which the server evaluates them: the tools, then the messages. */
function readBy({ tools, messages }: Record<string, unknown>): string[] {
  return defaultTokenize(
    JSON.stringify(tools) + (messages as unknown[]).map((one) => JSON.stringify(one)).join(''),
  );
}

describe('ten turns of an agent', () => {
  let double: OllamaDouble;
  let client: OllamaClient;

  beforeEach(async () => {
    double = await startDouble({
      models: [{ name: 'tiny:latest', sizeBytes: 1e9, capabilities: ['completion', 'tools'] }],
      toolCalls: ({ request }) => [
        {
          name: 'read_file',
          arguments: { startLine: double.requests.indexOf(request), filePath: '/src/a.ts' },
        },
      ],
    });
    client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny', numCtx: 32_768 });
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  async function answer(messages: VscodeMessage[], turn: number): Promise<ToolCall[]> {
    const called: ToolCall[] = [];
    const question = {
      model: 'tiny:latest',
      messages: toConversation(messages, false).messages,
      tools: toTools(reordered(turn)),
      mustCall: false,
      think: undefined,
      askedBy: undefined,
      signal: new AbortController().signal,
    };
    const ignore = (): void => undefined;
    const sink = {
      text: ignore,
      thinking: ignore,
      onEvent: ignore,
      call: (call: ToolCall) => void called.push(call),
    };
    await new ChatAnswer(question, sink).run(client);
    return called;
  }

  test('each evaluates only its own turn, and the model is loaded once', async () => {
    const messages: VscodeMessage[] = [
      { role: 3, content: [{ value: 'You are an agent. '.repeat(300) }] },
      { role: 1, content: [{ value: 'Environment: Linux.' }] },
      { role: 1, content: [{ value: 'Add up the prices. <|im_end|>' }] },
    ];
    for (let turn = 0; turn < 10; turn++) {
      const [call] = await answer(messages, turn);
      assert.ok(call);
      const { filePath, startLine } = call.arguments;
      // VS Code returns the arguments in its own order.
      const input = turn % 2 === 0 ? { filePath, startLine } : { startLine, filePath };
      messages.push(
        { role: 2, content: [{ value: `Turn ${turn}.` }, { callId: call.id, name: call.name, input }] },
        { role: 1, content: [{ callId: call.id, content: [{ value: code.repeat(5 + turn) }] }] },
      );
    }
    const bodies = double.requests.filter(({ path }) => path === '/api/chat').map(({ body }) => body);
    assert.equal(bodies.length, 10);
    for (const [index, body] of bodies.entries()) {
      if (index === 0) continue;
      const [before, now] = [readBy(bodies[index - 1]!), readBy(body)];
      const readAgain = now.length - commonPrefix(before, now);
      const ofTurn = now.length - before.length;
      assert.ok(readAgain <= ofTurn * 1.02, `turn ${index}: ${readAgain} tokens read, ${ofTurn} are new`);
      assert.equal(JSON.stringify(body['tools']), JSON.stringify(bodies[0]!['tools']));
    }
    assert.equal(double.loads.length, 1);
  });

  test('chat, commands and loading in advance never make the server load the model again', async () => {
    const messages: VscodeMessage[] = [{ role: 1, content: [{ value: 'Hello?' }] }];
    await client.prewarm();
    await answer(messages, 0);
    await client.generate({ prompt: 'Explain.', system: 'Be short.' });
    await answer(messages, 1);
    await client.generate({ prompt: 'Write.', think: false, maxTokens: 64, temperature: 0 });
    await answer(messages, 2);
    assert.equal(double.loads.length, 1);
  });
});
