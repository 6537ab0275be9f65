/** A double of Ollama in its own process with given speeds: `<read> <written>` tokens/s. */
import { startDouble } from '../support/double/index.ts';
import { infillModel } from '../support/suggestions.ts';

/** The rest of a line, after any text. */
const answer = 'compute(first, second) * 2;';
const [readingSpeed = 2000, writingSpeed = 100] = process.argv.slice(2).map(Number);

const { url } = await startDouble({
  models: [infillModel],
  readingSpeed,
  writingSpeed,
  answer: () => answer,
});
process.send?.({ url });
