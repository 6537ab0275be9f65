/**
 * The demo server, for trying the extension without Ollama: the test double with answers about the sample
 * workspace, at the speed of a small model on a laptop. As a program: `node test/support/demo.ts [port] [openai]`.
 */
import { basename } from 'node:path';
import { demoAnswer, demoThinking } from './double/demo/answers.ts';
import { catalogue } from './double/demo/catalogue.ts';
import { Registry, startDouble, type AnswerRequest, type ModelSpec } from './double/index.ts';
import type { Protocol } from './double/types.ts';

export interface DemoOptions {
  /** A free port by default. */
  port?: number;
  host?: string;
  /** Ollama's by default. */
  protocol?: Protocol;
  /** 1, the default, is the speed of a laptop; `Infinity` does not wait at all. */
  speed?: number;
}

export interface Demo {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** A model of 1 GB takes 8 s: slow enough to be seen and cancelled. */
const pullBytesPerSecond = 125e6;

/** The version from which the extension recognizes the demo server. */
const demoVersion = '0.33.0-demo';

const models: ModelSpec[] = [
  {
    name: 'demo-coder:1.5b',
    sizeBytes: 986_061_892,
    memoryPerTokenBytes: 28_672,
    contextLength: 32_768,
    embeddingLength: 1536,
    capabilities: ['completion', 'insert'],
    family: 'qwen2',
    parameterSize: '1.5B',
    modifiedAt: '2026-11-22T11:14:23.183318651Z',
  },
  {
    name: 'demo-thinker:4b',
    sizeBytes: 2_497_293_931,
    memoryPerTokenBytes: 147_456,
    contextLength: 32_768,
    embeddingLength: 2560,
    capabilities: ['completion', 'thinking'],
    family: 'qwen3',
    parameterSize: '4.0B',
    modifiedAt: '2026-11-21T09:30:00.183318651Z',
  },
];

export async function startDemo({
  port = 0,
  host = '127.0.0.1',
  protocol = 'ollama',
  speed = 1,
}: DemoOptions = {}): Promise<Demo> {
  const double = await startDouble({
    port,
    host,
    protocol,
    models,
    version: demoVersion,
    memoryBytes: 16 * 2 ** 30,
    loadMs: 2000 / speed,
    readingSpeed: 600 * speed,
    writingSpeed: 32 * speed,
    answer,
    thinking: ({ prompt }) => demoThinking(prompt),
    pull: new Registry({ models: catalogue, bytesPerSecond: pullBytesPerSecond * speed }).pull,
  });
  return { url: double.url, close: () => double.close() };
}

/** The demo cannot write code for a gap, so it only ends the line. */
function answer({ prompt, suffix, request }: AnswerRequest): string {
  return suffix === '' ? demoAnswer(withCode(prompt, request.body.messages)) : '\n';
}

/** How the instructions of actions begin, as a slash command of the chat sends them in a later turn. */
const actionBegins =
  /^(?:Explain|Review|Suggest improvements to|Write unit tests for|Fix the bugs in|Improve|Add a doc comment to|Add doc comments to) the /;

/** The code of a follow-up is in the first message. What is no action is a question about that code. */
function withCode(prompt: string, messages: { role: string; content: string }[] = []): string {
  const first = messages.find(({ role }) => role === 'user')?.content ?? prompt;
  if (first === prompt) return prompt;
  const code = first.replace(/^(Your task is about .*\n)(?![\s\S]*^Your task is about )[\s\S]*$/m, '$1');
  const task = actionBegins.test(prompt) ? prompt : `Answer this question:\n\n${prompt}`;
  return `${code}\n${task}`;
}

async function main(): Promise<void> {
  const [port = '0', protocol] = process.argv.slice(2);
  const demo = await startDemo({ port: Number(port), protocol: protocol === 'openai' ? 'openai' : 'ollama' });
  process.stdout.write(`${demo.url}\n`);
  const stop = (): void => void demo.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

if (basename(process.argv[1] ?? '') === 'demo.ts') void main();
