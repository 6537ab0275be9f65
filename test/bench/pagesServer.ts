// A server with slots in its own process, and how long they were busy: node pagesServer.ts <slots>
import { startDouble } from '../support/double/index.ts';
import { pageHeadings } from '../../src/prompts/pageKinds.ts';

export type FromPagesServer = { type: 'listening'; url: string } | { type: 'busy'; ms: number };
export type ToPagesServer = { type: 'tell' };

/** Pages of three seconds, which is short: a page of 400 tokens takes ten on a fast server. */
const tokensPerSecond = 20;
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
const double = await startDouble({
  numParallel: Number(process.argv[2]),
  writingSpeed: tokensPerSecond,
  answer: async function* () {
    const tokens = 56 + ((count++ * 7919) % 9);
    const size = Math.floor(text.length / tokens);
    const begun = performance.now();
    try {
      for (let index = 0; index < tokens; index++)
        yield text.slice(index * size, index === tokens - 1 ? undefined : (index + 1) * size);
    } finally {
      // The time that a slot was taken, because a busy machine is slower than the configured speed.
      busyMs += performance.now() - begun;
    }
  },
});
const forget = setInterval(() => double.forgetRequests(), 1000);
process.on('message', () => process.send?.({ type: 'busy', ms: busyMs } satisfies FromPagesServer));
process.on('disconnect', () => {
  clearInterval(forget);
  void double.close();
});
process.send?.({ type: 'listening', url: double.url } satisfies FromPagesServer);
