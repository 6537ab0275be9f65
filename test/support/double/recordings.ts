import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One exchange with a real server, byte for byte. */
export interface Recording {
  name: string;
  /** For example `Ollama 0.33.0-rc2`. */
  server: string;
  request: { method: string; path: string; host?: string; headers?: Record<string, string>; body?: string };
  response: {
    end: 'closed';
    /** When the connection ended and when each chunk was read, in ms since connecting. */
    endMs: number;
    chunks: [ms: number, text: string][];
  };
}

/** The working folder of bundled tests is the project's root; plain Node knows the path of this file. */
function recordingsFolder(): string {
  const here = import.meta.dirname as string | undefined;
  return here === undefined ? join(process.cwd(), 'test/support/recordings') : join(here, '../recordings');
}

/** All recordings by name, in alphabetical order. A body that is shortened in the file is complete here. */
export function loadRecordings(folder = recordingsFolder()): Recording[] {
  return readRecordings(folder).map(whole);
}

/** The recordings of a folder as they are in their files. */
export function readRecordings(folder: string): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording);
}

const prompt = 'lorem ipsum '.repeat(600);
const overlong: Record<string, object> = {
  'generate-truncate-false': { prompt, truncate: false },
  'generate-shift-false': { prompt, shift: false },
  'error-suffix-context': { prompt, suffix: 'x', truncate: false },
  'error-chat-context': {
    messages: [{ role: 'user', content: 'lorem ipsum '.repeat(900) }],
    truncate: false,
  },
};

/**
 * Paths of the server's machine were removed from these, so their one chunk is shorter than its size says.
 */
function resized(recording: Recording): Recording {
  const text = recording.response.chunks.map(([, part]) => part).join('');
  const fitting = text.replace(
    /(\r\n\r\n)[\da-f]+\r\n([^]*)(\r\n0\r\n\r\n)$/,
    (_, head: string, content: string, end: string) =>
      `${head}${Buffer.byteLength(content).toString(16)}\r\n${content}${end}`,
  );
  return { ...recording, response: { ...recording.response, chunks: [[0, fitting]] } };
}

/**
 * The recordings of overlong prompts contain only the start and the length of their body. It was `lorem ipsum
 * ` 600 times (in the chat 900 times) with a context window of 512, and one more field that is in the
 * recording's name: the lengths agree.
 */
function whole(recording: Recording): Recording {
  const { body } = recording.request;
  if (recording.name.startsWith('show-')) return resized(recording);
  const length = Number(/… \((\d+) characters\)$/.exec(body ?? '')?.[1]);
  if (body === undefined || Number.isNaN(length)) return recording;
  const { model } = JSON.parse(`${body.slice(0, body.indexOf(','))}}`) as { model: string };
  const asked = overlong[recording.name] ?? { prompt };
  const rebuilt = JSON.stringify({ model, ...asked, options: { num_ctx: 512, num_predict: 8 } });
  if (rebuilt.length !== length)
    throw new Error(`${recording.name}: the body has ${rebuilt.length} characters, not ${length}`);
  return { ...recording, request: { ...recording.request, body: rebuilt } };
}
