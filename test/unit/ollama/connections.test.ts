import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defaultSettings, OllamaClient } from '../../../src/ollama/index.ts';
import { startDouble, type RecordedRequest } from '../../support/double/index.ts';

const isGeneration = ({ path }: RecordedRequest): boolean => path === '/api/generate';

it('a client has as many connections at once as it is told', async () => {
  const most = 60;
  const double = await startDouble({ numParallel: most });
  const gate = double.hold('firstToken', isGeneration);
  const client = new OllamaClient(
    { ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' },
    { connections: most },
  );
  const answers = Array.from({ length: most + 5 }, () => client.generate({ prompt: 'Hello' }));
  for (let count = 0; count < most; count++) await double.nextRequest(isGeneration);
  assert.equal(double.requests.filter(isGeneration).length, most);
  gate.release();
  assert.equal((await Promise.all(answers)).length, most + 5);
  await client.close();
  await double.close();
});
