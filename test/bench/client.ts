/** Runs one contender in its own process: does one task after another and reports its cost. */
import { contender, type Read } from './contenders.ts';
import type { ContenderName, FromClient, Measure, Task, ToClient } from './protocol.ts';

const [name, url] = process.argv.slice(2) as [ContenderName, string];
const client = contender(name, url);

async function perform(task: Task): Promise<void> {
  switch (task.type) {
    case 'stream':
      await client.stream(`${task.layout} ${task.warmUp}`);
      return measured(() => client.stream(`${task.layout} ${task.tokens}`));
    case 'memory':
      await client.stream(`packed ${task.warmUp}`);
      return measured(() => client.stream(`packed ${task.tokens}`));
    case 'requests':
      await requests(task.warmUp, task);
      return measured(() => requests(task.count, task));
    case 'abort':
      return abort(`hang ${task.phase} ${task.id}`);
  }
}

async function measured(work: () => Promise<Read>): Promise<void> {
  globalThis.gc?.();
  const rss = process.memoryUsage.rss();
  const started = performance.now();
  const before = process.cpuUsage();
  const read = await work();
  const { user, system } = process.cpuUsage(before);
  const measure: Measure = {
    ...read,
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - started,
    rssBytes: process.memoryUsage.rss() - rss,
  };
  tell({ type: 'measured', measure });
}

async function requests(
  count: number,
  { parallel, tokens }: { parallel: number; tokens: number },
): Promise<Read> {
  const all: Read = { parts: 0, chars: 0 };
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const read = await client.stream(`packed ${tokens}`);
      all.parts += read.parts;
      all.chars += read.chars;
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return all;
}

async function abort(prompt: string): Promise<void> {
  const running = client.start(prompt);
  running.ended.catch(() => undefined);
  process.once('message', () => {
    const at = process.hrtime.bigint();
    running.abort();
    tell({ type: 'aborted', at });
  });
}

function tell(message: FromClient): void {
  process.send?.(message);
}

process.on('message', (message: ToClient) => {
  if (message.type !== 'task') return;
  perform(message.task).catch((error: unknown) => tell({ type: 'failed', reason: String(error) }));
});
process.once('disconnect', () => process.exit());
tell({ type: 'ready' });
