/** Streams of OpenAI-compatible servers, event by event. */
import type { GenerateRequest, OllamaSettings } from '../../src/ollama/index.ts';
import { startRawServer } from './double/index.ts';
import { chunked, json, outcomeOf, type Outcome } from './faults.ts';
import { openAIClientFor } from './wires.ts';

export type Body = Record<string, unknown>;

export const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
export const delta = (value: Body, reason: string | null = null): string =>
  event({ choices: [{ index: 0, delta: value, finish_reason: reason }] });
export const done = 'data: [DONE]\n\n';
export const whole = chunked(delta({ content: 'one ' }), delta({ content: 'two' }), delta({}, 'stop'), done);
export const refuse = (message: string, status = '400 Bad Request'): Buffer =>
  json(status, { error: { message } });

/** The client's requests and its result, for a server that gives these responses in turn. */
export async function asked(
  answer: (body: Body, count: number) => Buffer,
  request: GenerateRequest = { prompt: 'x' },
  settings: Partial<OllamaSettings> = {},
): Promise<Outcome & { bodies: Body[] }> {
  const bodies: Body[] = [];
  await using server = await startRawServer((socket, { method, body }) => {
    if (method !== 'POST') return void socket.write(json('200 OK', { data: [{ id: 'tiny' }] }));
    bodies.push(JSON.parse(body) as Body);
    socket.write(answer(bodies.at(-1)!, bodies.length));
  });
  await using client = openAIClientFor(server.url, settings);
  await outcomeOf(client.stream(request));
  const outcome = await outcomeOf(client.stream(request));
  return { ...outcome, bodies };
}
