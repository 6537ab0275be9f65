import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One exchange with a real server, byte for byte. */
export interface Recording {
  name: string;
  /** For instance `Ollama 0.33.0-rc2`. */
  server: string;
  request: { method: string; path: string; host?: string; headers?: Record<string, string>; body?: string };
  response: {
    end: 'closed';
    /** When the connection ended, and when each chunk was read, in ms since connecting. */
    endMs: number;
    chunks: [ms: number, text: string][];
  };
}

/** Bundled tests set the working folder to the project's root; plain Node knows where this file lies. */
function recordingsFolder(): string {
  const here = import.meta.dirname as string | undefined;
  return here === undefined ? join(process.cwd(), 'test/support/recordings') : join(here, '../recordings');
}

/** All recordings, by name in alphabetical order. A body that was shortened in the file is whole here. */
export function loadRecordings(folder = recordingsFolder()): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => whole(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording));
}

/**
 * The recordings of overlong prompts keep only the beginning of their body and its length. It was `lorem ipsum `
 * 600 times at a window of 512, and one more field the name of the recording tells: the lengths agree.
 */
function whole(recording: Recording): Recording {
  const { body } = recording.request;
  const length = Number(/… \((\d+) characters\)$/.exec(body ?? '')?.[1]);
  if (body === undefined || Number.isNaN(length)) return recording;
  const field = ['truncate', 'shift'].find((name) => recording.name === `generate-${name}-false`);
  const { model } = JSON.parse(`${body.slice(0, body.indexOf(','))}}`) as { model: string };
  const rebuilt = JSON.stringify({
    model,
    prompt: 'lorem ipsum '.repeat(600),
    ...(field === undefined ? {} : { [field]: false }),
    options: { num_ctx: 512, num_predict: 8 },
  });
  if (rebuilt.length !== length)
    throw new Error(`${recording.name}: the body has ${rebuilt.length} characters, not ${length}`);
  return { ...recording, request: { ...recording.request, body: rebuilt } };
}
