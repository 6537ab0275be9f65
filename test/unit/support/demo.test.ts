import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { defaultSettings } from '../../../src/ollama/index.ts';
import { OpenAIClient } from '../../../src/openai/index.ts';
import { startDemo } from '../../support/demo.ts';
import { demoAnswer } from '../../support/double/demo/answers.ts';

const support = join(import.meta.dirname, '../../support');

/** A prompt as the extension writes it: file, subject, instruction. */
function promptFor(fileName: string, about: string, instruction: string): string {
  const code = readFileSync(join(support, 'sample', fileName), 'utf8');
  const lines = code.split('\n').length - 1;
  return `File: \`src/${fileName}\` (Some Language, ${lines} lines)\n\n\`\`\`code\n${code}\`\`\`\n\nYour task is about ${about}\n\n${instruction}`;
}

describe('the demo answers', () => {
  const expected: [fileName: string, about: string, instruction: string, wanted: RegExp][] = [
    [
      'inventory.ts',
      'the class `Inventory`, lines 10-49 of the file.',
      'Explain the class `Inventory`.\nBegin with',
      /keeps what is in stock[\s\S]*`total`/,
    ],
    [
      'inventory.ts',
      'the method `total`, lines 43-49 of the file.',
      'Review the method `total` for bugs.',
      /no defect in `total`/,
    ],
    [
      'inventory.ts',
      'the method `add`, lines 14-25 of the file.',
      'Review the method `add` for bugs.',
      /\{ \.\.\.item \}/,
    ],
    ['greet.py', 'the whole file.', 'Review the file for bugs.\nReport only', /default `seen/],
    ['greet.py', 'the whole file.', 'Suggest improvements to the file.', /### 2\. /],
    ['parse.go', 'the whole file.', 'Write unit tests for the file.\nUse', /```go\npackage settings/],
    [
      'parse.go',
      'the function `Parse`, lines 19-39 of the file.',
      'Write the documentation of the function `Parse` for other programmers.\n\n## Purpose\n## How It Works',
      /## Purpose\n\nReads line by line[\s\S]*## How It Works\n\nA `bufio/,
    ],
    [
      'parse.go',
      'the function `Find`, lines 42-49 of the file.',
      'Answer this question about the function `Find`:\n\nWhy does Find explain bugs from the end?',
      /later line wins/,
    ],
    [
      'greet.py',
      'the function `greet`, lines 19-22 of the file.',
      'Write a doc comment for the function `greet`.',
      /^"""The greeting/,
    ],
    [
      'greet.py',
      'the function `greet_all`, lines 24-32 of the file.',
      'Fix the bugs in the function `greet_all`.\nOnly real defects',
      /^```python\ndef greet_all\(.*= None\)[^]*seen = set\(\) if[^]*return greetings\n```/,
    ],
    [
      'inventory.ts',
      'the method `total`, lines 43-49 of the file.',
      'Improve the method `total`.',
      /^It is good as it is/,
    ],
    ['inventory.ts', 'the whole file.', 'Do this with the file:\n\nFix errors', /keeps what is in stock/],
    ['inventory.ts', 'the whole file.', 'Write a commit message for these changes.', /^Keep track of stock/],
  ];
  for (const [fileName, about, instruction, wanted] of expected) {
    test(`${instruction.split('\n')[0]} (${fileName})`, () => {
      assert.match(demoAnswer(promptFor(fileName, about, instruction)), wanted);
    });
  }

  test('about other code state only visible facts, and that nothing was understood', () => {
    const prompt =
      'File: `x.rs` (Rust, 1 line)\n\n```rust\nfn hello() {}\n```\n\nYour task is about the whole file.\n\nReview the file for bugs.';
    assert.match(demoAnswer(prompt), /cannot look for bugs[\s\S]*`hello`/);
    assert.match(demoAnswer('Hello?'), /demo server/);
  });
});

describe('the demo server', () => {
  test('identifies itself, and streams', async () => {
    const demo = await startDemo({ speed: Infinity });
    const version = (await (await fetch(`${demo.url}/api/version`)).json()) as { version: string };
    assert.equal(version.version, '0.33.0-demo');
    const prompt = promptFor('greet.py', 'the whole file.', 'Explain the file.');
    const ask = (model: string): Promise<Response> =>
      fetch(`${demo.url}/api/generate`, { method: 'POST', body: JSON.stringify({ model, prompt }) });
    const lines = (await (await ask('demo-coder:1.5b')).text()).split('\n').filter(Boolean);
    const text = lines.map((line) => (JSON.parse(line) as { response: string }).response).join('');
    assert.equal(text, demoAnswer(prompt));
    assert.match(await (await ask('demo-thinker:4b')).text(), /"thinking":"The"/);
    await demo.close();
  });

  test('knows the task of a later turn, and answers any other as a question about the code', async () => {
    const demo = await startDemo({ speed: Infinity });
    const first = promptFor(
      'inventory.ts',
      'the method `add`, lines 14-24 of the file.',
      'Explain the method.',
    );
    const answerTo = async (content: string): Promise<string> => {
      const messages = [
        { role: 'user', content: first },
        { role: 'assistant', content: 'It adds.' },
        { role: 'user', content },
      ];
      const body = JSON.stringify({ model: 'demo-coder:1.5b', messages, stream: false });
      const response = await fetch(`${demo.url}/api/chat`, { method: 'POST', body });
      return ((await response.json()) as { message: { content: string } }).message.content;
    };
    assert.match(
      await answerTo('Fix the bugs in the method `add`.\nOnly real defects'),
      /^```typescript\n {2}add\(/,
    );
    assert.match(await answerTo('What is it for?'), /a real model would look closer/);
    await demo.close();
  });

  test("speaks OpenAI's protocol, too, and is known as the demo", async () => {
    const demo = await startDemo({ speed: Infinity, protocol: 'openai' });
    const client = new OpenAIClient({ ...defaultSettings, baseUrl: `${demo.url}/v1`, model: '' });
    assert.match(await client.version(), /-demo$/);
    const prompt = promptFor('greet.py', 'the whole file.', 'Explain the file.');
    const { text, model } = await client.generate({ prompt });
    assert.deepEqual([text, model], [demoAnswer(prompt), 'demo-coder:1.5b']);
    const { thinking } = await client.generate({ prompt, model: 'demo-thinker:4b' });
    assert.match(thinking, /^The/);
    await client.close();
    await demo.close();
  });

  test('pulls the models of its catalogue, paced or not, and refuses others', async () => {
    for (const speed of [1000, Infinity]) {
      const demo = await startDemo({ speed });
      const pull = async (model: string): Promise<string[]> => {
        const answer = await fetch(`${demo.url}/api/pull`, {
          method: 'POST',
          body: JSON.stringify({ model }),
        });
        return (await answer.text()).split('\n').filter(Boolean);
      };
      const lines = await pull('qwen2.5-coder:1.5b');
      assert.ok(lines.length > 6 && lines.at(-1) === '{"status":"success"}', lines.join('\n'));
      const { models } = (await (await fetch(`${demo.url}/api/tags`)).json()) as {
        models: { name: string; size: number; capabilities: string[] }[];
      };
      const pulled = models.find(({ name }) => name === 'qwen2.5-coder:1.5b');
      assert.deepEqual([pulled?.size, pulled?.capabilities.includes('insert')], [986_062_089, true]);
      assert.equal(
        (await pull('nobody/nothing')).at(-1),
        '{"error":"pull model manifest: file does not exist"}',
      );
      await demo.close();
    }
  });

  test('runs as a program that prints its address', async () => {
    const script = join(support, 'demo.ts');
    const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    assert.equal(await (await fetch(url)).text(), 'Ollama is running');
    child.kill();
    const [code] = (await once(child, 'exit')) as [number | null];
    // Windows has no signals, so the process is just ended.
    assert.equal(code, process.platform === 'win32' ? null : 0);
  });
});
