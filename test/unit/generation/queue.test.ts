import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ClientProvider } from '../../../src/generation/clientProvider.ts';
import {
  GenerationQueue,
  type GenerationSink,
  type Job,
  type ReaderFor,
} from '../../../src/generation/queue.ts';
import { Priorities } from '../../../src/generation/priorities.ts';
import { AnswerReader } from '../../../src/generation/answerReader.ts';
import { defaultSettings, OllamaClient } from '../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble } from '../../support/double/index.ts';

type Method = keyof GenerationSink;
const read: ReaderFor = (asked) => new AnswerReader(asked);
const methods: Method[] = ['begin', 'onEvent', 'end'];

class SinkError extends Error {
  override name = 'SinkError';
}

/** Records its calls, and throws in some methods. */
class RecordingSink implements GenerationSink {
  readonly calls: Method[] = [];
  text = '';
  private readonly faulty: readonly Method[];

  constructor(...faulty: Method[]) {
    this.faulty = faulty;
  }

  begin(): void {
    this.note('begin');
  }

  onEvent(event: Parameters<GenerationSink['onEvent']>[0]): void {
    this.note('onEvent');
    if (event.type === 'text') this.text += event.text;
  }

  end(): void {
    this.note('end');
  }

  private note(method: Method): void {
    this.calls.push(method);
    if (this.faulty.includes(method)) throw new SinkError('the text of a user');
  }
}

describe('the queue of generations', () => {
  let double: OllamaDouble;
  let client: OllamaClient;
  let errors: [place: string, name: string][];

  beforeEach(async () => {
    double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: 1e9 }] });
    client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
    errors = [];
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  const queueFor = (follower: GenerationSink, onQueue: () => void = () => undefined): GenerationQueue => {
    const clients = { use: (work: (client: OllamaClient) => unknown) => work(client) };
    return new GenerationQueue(
      clients as unknown as ClientProvider,
      new Priorities(),
      follower,
      onQueue,
      (place, error) => errors.push([place, (error as Error).name]),
    );
  };
  const job = (sink: GenerationSink): Job => ({
    title: 'Explain',
    task: 'questions',
    subject: 'a.ts',
    prompt: () => ({ system: 's', prompt: 'p' }),
    sink,
  });

  for (const method of methods)
    it(`a sink that throws in ${method} does not affect others, and gets the next generation`, async () => {
      const [faulty, follower] = [new RecordingSink(method), new RecordingSink()];
      const queue = queueFor(follower);
      const outcome = await queue.run(job(faulty), read);
      assert.equal(outcome.kind, 'finished');
      assert.ok(outcome.text.length > 0);
      assert.equal(follower.text, outcome.text);
      assert.equal(faulty.calls.at(-1), 'end');
      assert.deepEqual(errors, [['answer', 'SinkError']]);

      const whole = new RecordingSink();
      const next = await queue.run(job(whole), read);
      assert.equal(whole.text, next.text);
      assert.equal(errors.length, 1);
    });

  for (const method of methods)
    it(`a follower that throws in ${method} does not affect the answer`, async () => {
      const sink = new RecordingSink();
      const outcome = await queueFor(new RecordingSink(method)).run(job(sink), read);
      assert.equal(outcome.kind, 'finished');
      assert.equal(sink.text, outcome.text);
      assert.deepEqual(errors, [['status', 'SinkError']]);
    });

  it('a sink that has thrown gets no text with a gap', async () => {
    const faulty = new RecordingSink('onEvent');
    await queueFor(new RecordingSink()).run(job(faulty), read);
    assert.deepEqual(faulty.calls, ['begin', 'onEvent', 'end']);
  });

  it('an error while making a prompt fails only that job, and reaches its sink', async () => {
    const [sink, follower] = [new RecordingSink(), new RecordingSink()];
    const queue = queueFor(follower);
    const failing: Job = {
      ...job(sink),
      prompt: () => {
        throw new SinkError('no prompt');
      },
    };
    const [failed, next] = await Promise.all([
      queue.run(failing, read),
      queue.run(job(new RecordingSink()), read),
    ]);
    assert.equal(failed.kind, 'failed');
    assert.deepEqual(sink.calls, ['end']);
    assert.equal(next.kind, 'finished');
    assert.deepEqual(errors, []);
  });

  it('the listener of the queue may throw', async () => {
    const queue = queueFor(new RecordingSink(), () => {
      throw new SinkError('no status');
    });
    assert.equal((await queue.run(job(new RecordingSink()), read)).kind, 'finished');
    assert.ok(errors.every(([place]) => place === 'status') && errors.length > 0);
  });

  it('cancelling works while a sink throws', async () => {
    const gate = double.hold({ afterTokens: 2 });
    const queue = queueFor(new RecordingSink());
    const running = queue.run(job(new RecordingSink('begin', 'onEvent', 'end')), read);
    await gate.reached;
    queue.cancel('running');
    assert.equal((await running).kind, 'cancelled');
    assert.deepEqual(errors, [['answer', 'SinkError']]);
  });
});
