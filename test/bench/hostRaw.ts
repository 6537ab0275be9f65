import { Agent, request, type IncomingMessage } from 'node:http';

const agent = new Agent({ keepAlive: true });

/**
 * A bare loop with a hand-written parser: calls `append` with the text of each packet, and handles no errors.
 */
export async function rawAnswer(url: string, model: string, append: (text: string) => void): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request(`${url}/api/generate`, { agent, method: 'POST', headers: { 'content-type': 'application/json' } })
      .once('response', resolve)
      .once('error', reject)
      .end(JSON.stringify({ model, prompt: 'x', stream: true })),
  );
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    append(lines.map((line) => (JSON.parse(line) as { response: string }).response).join(''));
  }
}
