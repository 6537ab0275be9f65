import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inEnglish } from '../../../src/http/message.ts';
import * as fc from 'fast-check';
import type { Subject } from '../../../src/code/subject.ts';
import { defaultSettings, OllamaClient, type ChatMessage } from '../../../src/ollama/index.ts';
import { buildChatPrompt, type ChatPrompt, type ChatTurn } from '../../../src/prompts/chatPrompt.ts';
import { buildPrompt } from '../../../src/prompts/prompt.ts';
import { tokenCost } from '../../../src/prompts/tokens.ts';
import { startDouble } from '../../support/double/index.ts';

const budget = { numCtx: 8_000, numPredict: 1_000, charsPerToken: 3 };
const lines = (count: number, letter = 'x'): string =>
  Array.from({ length: count }, (_, line) => `${letter}${line}();\n`).join('');

function file(path: string, text: string): Subject {
  const lastLine = text.split('\n').length - 1;
  return {
    kind: 'file',
    name: path,
    path,
    languageId: 'javascript',
    firstLine: 1,
    lastLine,
    code: text,
    fileText: text,
  };
}

function symbol(path: string, text: string, firstLine: number, lastLine: number): Subject {
  const code = text
    .split('\n')
    .slice(firstLine - 1, lastLine)
    .join('\n');
  return {
    ...file(path, text),
    kind: 'symbol',
    name: 'run',
    symbolKind: 'function',
    firstLine,
    lastLine,
    code,
  };
}

function built(prompt: ReturnType<typeof buildChatPrompt>): ChatPrompt {
  assert.ok('prompt' in prompt, JSON.stringify(prompt));
  return prompt;
}

const ask = (question: string, ...subjects: Subject[]): Parameters<typeof buildChatPrompt>[1] => ({
  action: 'ask',
  question,
  subjects,
});

describe('the prompt of the next turn', () => {
  const subject = symbol('a.js', lines(20), 3, 6);

  test('is that of a command, for the first question about one piece of code', () => {
    for (const action of ['explain', 'findBugs', 'fix', 'writeTests'] as const) {
      const first = built(
        buildChatPrompt([], { action, question: '', subjects: [subject] }, budget, 'German'),
      );
      const command = buildPrompt(action, subject, budget, '', 'German');
      assert.deepEqual([first.system, first.prompt, first.history], [command.system, command.prompt, []]);
    }
  });

  test('has the words that the user adds to a slash command behind its instruction', () => {
    const { prompt } = built(
      buildChatPrompt([], { action: 'explain', question: 'the loop', subjects: [subject] }, budget),
    );
    assert.match(prompt, /Explain the function `run`\.[^]*The programmer adds:\n\nthe loop$/);
  });

  test('is the question alone where there is no code', () => {
    assert.equal(built(buildChatPrompt([], ask('What is a monad? '), budget)).prompt, 'What is a monad?');
  });

  test('repeats the conversation word for word, without the code in it', () => {
    const { prompt } = built(buildChatPrompt([], ask('Why?', subject), budget));
    const turns = [{ prompt, answer: 'Because.' }];
    const other = symbol('a.js', lines(20), 9, 12);
    const next = built(buildChatPrompt(turns, ask('And this?', other), budget));
    assert.deepEqual(next.history, turns);
    assert.equal(
      next.prompt,
      'Your task is about the function `run`, lines 9-12 of the file `a.js`.\n\nAnswer this question about the function `run`:\n\nAnd this?',
    );
  });

  test('shows code again that has changed since, also when an older state of it was shown', () => {
    const states = [lines(20), lines(20, 'y'), lines(20)];
    const turns: ChatTurn[] = [];
    for (const [index, text] of states.entries()) {
      const { prompt } = built(buildChatPrompt(turns, ask('Why?', file('a.js', text)), budget));
      assert.ok(prompt.includes(text), `state ${index}`);
      turns.push({ prompt, answer: 'Because.' });
    }
  });

  test('shows every attached file, and says which', () => {
    const subjects = [file('a.js', lines(5)), symbol('b.js', lines(9, 'b'), 2, 4)];
    const { prompt } = built(buildChatPrompt([], { action: 'findBugs', question: '', subjects }, budget));
    assert.match(prompt, /^File: `a\.js`[^]*x4\(\);\n```\n\nFile: `b\.js`[^]*b8\(\);\n```\n\nYour task/);
    assert.match(
      prompt,
      /- the whole file `a\.js`\n- lines 2-4 of the file `b\.js`\n\nReview the selected code/,
    );
  });

  test('says what of the code did not fit', () => {
    const { omissions } = built(
      buildChatPrompt([], ask('Why?', file('a.js', lines(5)), file('b.js', lines(9_000))), budget),
    );
    assert.equal(omissions.length, 1);
    assert.match(inEnglish(omissions[0]!), /of b\.js were left out/);
  });

  test('says how much it needs when there is no room', () => {
    const turns = [{ prompt: 'x'.repeat(24_000), answer: 'y' }];
    const next = buildChatPrompt(turns, ask('Why?'), budget);
    assert.ok('needed' in next && next.needed > budget.numCtx, JSON.stringify(next));
  });
});

describe('a conversation that is longer than the window', () => {
  const answers = 'It does. '.repeat(60);

  test('keeps its beginning for many turns at a time', () => {
    const turns: ChatTurn[] = [];
    const kept: number[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const next = built(buildChatPrompt(turns, ask(`Question ${turn}?`), budget));
      turns.push({ prompt: next.prompt, answer: answers });
      kept.push(next.omittedTurns);
      assert.equal(next.history[0]?.prompt, turn === 0 ? undefined : turns[0]!.prompt);
    }
    const changes = kept.filter((count, index) => index > 0 && count !== kept[index - 1]).length;
    assert.ok(kept.at(-1)! > 20 && changes < 8, kept.join(' '));
  });

  test('never goes beyond the window', () => {
    const text = fc.string({ maxLength: 2_000, unit: 'binary' });
    const turn = fc.record({ prompt: text, answer: text });
    fc.assert(
      fc.property(
        fc.array(turn, { maxLength: 12 }),
        text,
        fc.array(text, { maxLength: 3 }),
        (turns, question, files) => {
          const small = { ...budget, numCtx: 2_000 };
          const subjects = files.map((code, index) => file(`f${index}`, code));
          const next = buildChatPrompt(turns, ask(`?${question}`, ...subjects), small);
          if ('needed' in next) return assert.ok(next.needed > 0);
          const sent = [next.system, ...next.history.flatMap((one) => [one.prompt, one.answer]), next.prompt];
          assert.ok(tokenCost(3)(sent.join('')) <= small.numCtx);
          assert.equal(next.history.length + next.omittedTurns, turns.length);
          if (turns.length > 0) assert.equal(next.history[0]?.prompt, turns[0]!.prompt);
        },
      ),
    );
  });
});

test('over ten turns, the server reads what is new and nothing else', async () => {
  const double = await startDouble({
    models: [{ name: 'tiny:latest', sizeBytes: 1e9 }],
    answer: ({ prompt }) => `About ${prompt.slice(-9)}: ${'yes '.repeat(20)}`,
  });
  const client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
  try {
    const subject = file('a.js', lines(200));
    const turns: ChatTurn[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const next = built(
        buildChatPrompt(turns, ask(`Question ${turn}?`, subject), { ...budget, numCtx: 16_384 }),
      );
      const messages = next.history.flatMap(({ prompt, answer }): ChatMessage[] => [
        { role: 'user', content: prompt },
        { role: 'assistant', content: answer },
      ]);
      messages.push({ role: 'user', content: next.prompt });
      const result = await client.generate({ system: next.system, messages });
      // The double reports a reading time for 5,000 tokens per second, counting only what was not in its
      // cache.
      const read = result.promptDurationMs * 5;
      const fresh = next.prompt.length + (turns.at(-1)?.answer.length ?? 0);
      if (turn > 0)
        assert.ok(
          read < fresh / 2 + 20 && read < 150,
          `turn ${turn} read ${read} tokens of ${result.promptTokens}`,
        );
      else assert.ok(read > 500, `${read}`);
      turns.push({ prompt: next.prompt, answer: result.text });
    }
    assert.equal(double.loads.length, 1);
  } finally {
    await client.close();
    await double.close();
  }
});
