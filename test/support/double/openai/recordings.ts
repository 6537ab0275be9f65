import { join } from 'node:path';
import { readRecordings, type Recording } from '../recordings.ts';

/** The key of the recorded server, as far as tests need one. */
export const recordedKey = 'the-right-key';

/** The working folder of bundled tests is the project's root; plain Node knows the path of this file. */
function folder(): string {
  const here = import.meta.dirname as string | undefined;
  return here === undefined
    ? join(process.cwd(), 'test/support/recordings-openai')
    : join(here, '../../recordings-openai');
}

type WithKey = Recording & { request: { authorization?: string } };

/**
 * All exchanges with a real llama-server, by name. They show whether a key was sent, but not which; and of
 * the overlong prompt only the beginning and its length: it was `lorem ipsum ` 1500 times.
 */
export function loadOpenAIRecordings(): Recording[] {
  const recordings = readRecordings(folder()) as WithKey[];
  for (const recording of recordings)
    Object.assign(recording.request, { headers: headersOf(recording), ...bodyOf(recording) });
  return recordings;
}

let known: Map<string, Recording> | undefined;

/** The recording with a name. */
export function recordingNamed(name: string): Recording {
  known ??= new Map(loadOpenAIRecordings().map((recording) => [recording.name, recording]));
  return known.get(name)!;
}

function headersOf({ request }: WithKey): Record<string, string> {
  if (request.authorization === 'none') return {};
  const key = request.authorization === 'wrong' ? 'a-wrong-key' : recordedKey;
  return { Authorization: `Bearer ${key}` };
}

function bodyOf({ name, request: { body } }: WithKey): { body?: string } {
  const length = Number(/… \((\d+) characters\)$/.exec(body ?? '')?.[1]);
  if (body === undefined || Number.isNaN(length)) return {};
  const messages = [{ role: 'user', content: 'lorem ipsum '.repeat(1500) }];
  const usage = { stream: true, stream_options: { include_usage: true } };
  const rebuilt = JSON.stringify({ model: 'tiny', messages, max_tokens: 6, ...usage });
  if (rebuilt.length !== length)
    throw new Error(`${name}: the body has ${rebuilt.length} characters, not ${length}`);
  return { body: rebuilt };
}
