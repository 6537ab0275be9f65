/**
 * The names and types on which code outside of this project relies, written out by themselves: a renamed or
 * narrowed one does not compile, or fails here.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as ollama from '../../../src/ollama/index.ts';
import { OpenAIClient } from '../../../src/openai/index.ts';
import * as engine from '../../../src/completion/engine/index.ts';
import { startDouble } from '../../support/double/index.ts';

interface Settings {
  baseUrl: string;
  model: string;
  temperature: number;
  numCtx: number;
  numPredict: number;
  keepAlive: number | string;
  connectTimeoutMs: number;
  idleTimeoutMs: number;
}

interface Call {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  images?: string[];
  toolCalls?: Call[];
  toolCallId?: string;
  toolName?: string;
}

interface Request {
  model?: string;
  prompt?: string;
  messages?: Message[];
  system?: string;
  suffix?: string;
  raw?: boolean;
  stop?: string[];
  images?: string[];
  tools?: { name: string; description?: string; parameters?: object }[];
  think?: boolean | 'low' | 'medium' | 'high';
  temperature?: number;
  maxTokens?: number;
  signal?: AbortSignal;
}

interface Result {
  text: string;
  thinking: string;
  toolCalls: readonly Call[];
  model: string;
}

type Event = { type: string };
type Policy = { attempts: number; delayMs: number };

interface Client {
  healthCheck(signal?: AbortSignal): Promise<boolean>;
  prewarm(signal?: AbortSignal): Promise<boolean>;
  listModels(signal?: AbortSignal): Promise<readonly { name: string }[]>;
  stream(request: Request): AsyncGenerator<Event, Result>;
  generate(request: Request): Promise<Result>;
  streamWithRetry(request: Request, policy?: Policy): AsyncGenerator<Event, Result>;
  generateWithRetry(request: Request, policy?: Policy): Promise<Result>;
  close(): Promise<void>;
}

const makers: [string, 'ollama' | 'openai', (settings: Settings) => Client][] = [
  ['OllamaClient', 'ollama', (settings) => new ollama.OllamaClient(settings)],
  ['OpenAIClient', 'openai', (settings) => new OpenAIClient(settings, {})],
];

const models = [{ name: 'tiny', sizeBytes: 1e9 }];

describe('what others rely on', () => {
  for (const [name, protocol, make] of makers)
    it(`${name}: every method, with every kind of request`, async () => {
      const double = await startDouble({ protocol, models, answer: () => 'one two' });
      const client = make({
        ...ollama.defaultSettings,
        temperature: 0,
        keepAlive: '5m',
        baseUrl: double.url,
        model: 'tiny',
      });
      const policy: Policy = { attempts: 3, delayMs: 2000 };
      try {
        assert.equal(await client.healthCheck(), true);
        assert.equal(await client.prewarm(), true);
        assert.ok((await client.listModels()).some((model) => model.name.startsWith('tiny')));
        assert.equal((await client.generate({ prompt: 'Say it.' })).text, 'one two');
        const messages: Message[] = [{ role: 'user', content: 'Say it.' }];
        assert.equal((await client.generateWithRetry({ messages }, policy)).text, 'one two');
        for (const stream of [client.stream({ messages }), client.streamWithRetry({ messages }, policy)]) {
          const types = new Set<string>();
          let step = await stream.next();
          for (; !step.done; step = await stream.next()) types.add(step.value.type);
          assert.ok(types.has('text'));
          assert.equal(step.value.text, 'one two');
        }
      } finally {
        await client.close();
        await double.close();
      }
    });

  it('the errors are one family, with what was received before', () => {
    const family = [
      ollama.OllamaConnectionError,
      ollama.OllamaTimeoutError,
      ollama.OllamaModelError,
      ollama.OllamaModelNotFoundError,
      ollama.OllamaContextError,
      ollama.OllamaProtocolError,
    ];
    for (const type of family) assert.ok(type.prototype instanceof ollama.OllamaError, type.name);
  });

  it('the engine of suggestions makes a request and trims an answer', () => {
    const format = engine.infillFormatFor({
      name: 'qwen2.5-coder:1.5b',
      capabilities: ['completion', 'insert'],
    });
    assert.ok(format);
    const context = {
      prefix: 'const a = ',
      suffix: ';\n',
      path: 'a.ts',
      languageId: 'typescript',
      neighbors: [{ path: 'b.ts', text: 'export const b = 1;\n' }],
    };
    const budget = { prefixTokens: 1000, suffixTokens: 200, charsPerToken: 3.5 };
    const request: { prompt: string; suffix?: string; raw?: boolean; stop: string[] | readonly string[] } =
      engine.buildInfillRequest(format, context, budget);
    assert.ok(request.prompt.includes(context.prefix));
    assert.equal(
      engine.infillFormatFor({ name: 'nomic-embed-text', capabilities: ['embedding'] }),
      undefined,
    );
    const { prefix, suffix, languageId } = context;
    assert.equal(engine.trimSuggestion('1', { prefix, suffix, languageId, multiline: false }), '1');
    assert.equal(engine.trimSuggestion(';\n', { prefix, suffix, languageId, multiline: false }), '');
  });
});
