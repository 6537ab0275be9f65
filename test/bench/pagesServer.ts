// A server with slots in its own process, how long they were busy, and which pages have begun there:
// node pagesServer.ts <slots> [<protocol> <tokens per second> <tokens per page> <most waiting requests>]
import { startDouble } from '../support/double/index.ts';
import { pageHeadings } from '../../src/prompts/pageKinds.ts';

export type FromPagesServer =
  | { type: 'listening'; url: string }
  | { type: 'busy'; ms: number; begun: number[] };
export type ToPagesServer = { type: 'tell' };

/** By default, pages take three seconds, which is short: a page of 400 tokens takes ten on a fast server. */
const [slots, protocol, tokensPerSecond = '20', leastTokens = '56', mostWaiting = '512'] =
  process.argv.slice(2);
const sentences = [
  'It adds up the numbers of a list.',
  'A list goes in, and one number comes out.',
  'Each number is added to what came before, from the first one on.',
  'An empty list makes zero; nothing else is special.',
  'Call it with a list wherever a total is wanted.',
];
const text = pageHeadings('function')
  .map((heading, index) => `## ${heading}\n\n${sentences[index]}\n`)
  .join('\n');

let busyMs = 0;
let count = 0;
/** Numbers of the pages whose text has begun, and when the unfinished ones have. */
const pages: number[] = [];
const unfinished = new Set<number>();
const double = await startDouble({
  protocol: protocol === 'openai' ? 'openai' : 'ollama',
  numParallel: Number(slots),
  maxQueue: Number(mostWaiting),
  writingSpeed: Number(tokensPerSecond),
  answer: async function* ({ prompt }) {
    pages.push(Number(/the function `sum(\d+)`/.exec(prompt)?.[1]));
    const tokens = Number(leastTokens) + ((count++ * 7919) % 9);
    const size = Math.floor(text.length / tokens);
    const begun = performance.now();
    unfinished.add(begun);
    try {
      for (let index = 0; index < tokens; index++)
        yield text.slice(index * size, index === tokens - 1 ? undefined : (index + 1) * size);
    } finally {
      // The time that a slot was taken, because a busy machine is slower than the configured speed.
      busyMs += performance.now() - begun;
      unfinished.delete(begun);
    }
  },
});
const forget = setInterval(() => double.forgetRequests(), 1000);
process.on('message', () => {
  const now = performance.now();
  const ms = [...unfinished].reduce((sum, begun) => sum + now - begun, busyMs);
  process.send?.({ type: 'busy', ms, begun: pages } satisfies FromPagesServer);
});
process.on('disconnect', () => {
  clearInterval(forget);
  void double.close();
});
process.send?.({ type: 'listening', url: double.url } satisfies FromPagesServer);
