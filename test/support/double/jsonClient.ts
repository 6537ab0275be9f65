import type { OllamaDouble } from './server.ts';

export interface JsonAnswer {
  status: number;
  text: string;
  /** One entry per line; a single entry for a response that is not streamed. */
  lines: Record<string, unknown>[];
}

/**
 * POSTs to a double with the built-in fetch, for tests of the double itself, which must not depend on the
 * client.
 */
export async function post(
  double: OllamaDouble,
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<JsonAnswer> {
  const init = { method: 'POST', body: JSON.stringify(body), ...(signal && { signal }) };
  const response = await fetch(`${double.url}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const lines = isJson ? text.split('\n').filter(Boolean).map(parseLine) : [];
  return { status: response.status, text, lines };
}

function parseLine(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>;
}

/** The joined text or thinking of a streamed answer. */
export function joined(answer: JsonAnswer, field: 'response' | 'thinking' = 'response'): string {
  return answer.lines.map((line) => (line[field] as string | undefined) ?? '').join('');
}

export async function getJson(double: OllamaDouble, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${double.url}${path}`);
  return (await response.json()) as Record<string, unknown>;
}
