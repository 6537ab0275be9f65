import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { shown } from '../../../support/chatVscode.ts';
import { Conversation } from '../../../support/chatWorld.ts';
import { startDouble, type OllamaDouble } from '../../../support/double/index.ts';

const code = 'export function add(a, b) {\n  return a - b;\n}\n';
const fixed = 'export function add(a, b) {\n  return a + b;\n}';

describe('@codeworm', () => {
  let double: OllamaDouble;
  let chat: Conversation;
  let answer: (prompt: string) => string;

  beforeEach(async () => {
    shown.files = { '/src/add.js': code, '/src/other.js': 'other();\n' };
    shown.executed = [];
    shown.editor = undefined;
    answer = () => 'It adds.';
    double = await startDouble({
      models: [{ name: 'tiny:latest', sizeBytes: 1e9 }],
      answer: ({ prompt }) => answer(prompt),
    });
    chat = new Conversation(double);
  });
  afterEach(async () => {
    await chat.client.close();
    await double.close();
  });

  it('says once in a conversation which model answers, and refers to the code', async () => {
    const first = await chat.ask({ command: 'explain', attach: ['/src/add.js'] });
    assert.equal(
      first.text,
      '*CodeWorm answers with its own model, tiny:latest, whatever model is chosen below.*\n\nIt adds.',
    );
    assert.equal(String(first.referenced[0]), 'file:///src/add.js');
    assert.deepEqual(first.titles, ['Copy Answer']);
    const second = await chat.ask({ prompt: 'Why?' });
    assert.equal(second.text, 'It adds.');
    assert.deepEqual(second.referenced, []);
    assert.equal(chat.followUps().length, 2);
  });

  it('sends the conversation word for word, also after VS Code has stored it', async () => {
    await chat.ask({ command: 'explain', attach: ['/src/add.js'] });
    await chat.ask({ prompt: 'Why?' });
    assert.deepEqual(chat.kept, JSON.parse(JSON.stringify(chat.kept)));
    await chat.ask({ prompt: 'And?' });
    const chats = double.requests
      .filter(({ path }) => path === '/api/chat')
      .map(({ body }) => body.messages!);
    assert.deepEqual(chats[1]!.slice(0, -2), chats[0]);
    assert.deepEqual(
      chats[1]!.slice(-3).map(({ content }) => content),
      ['Why?', 'It adds.', 'And?'],
    );
  });

  it('lets nothing that a model writes act: links to commands, pictures, pages drawn by others', async () => {
    answer = () =>
      'See [this](command:evil) and ![x](https://evil/x.png) <img src=x>.\n\n```mermaid\ngraph\n```\n';
    const { text } = await chat.ask({ prompt: 'Why?' });
    assert.doesNotMatch(text, /\]\(command:|(?<!\\)!\[|<img|```mermaid/);
  });

  it('proposes code that can take the place of what was asked about, and no other', async () => {
    answer = (prompt) => (prompt.includes('Fix the bugs') ? `\`\`\`js\n${fixed}\n\`\`\`` : 'Use `add`.');
    const { titles } = await chat.ask({ command: 'fix', attach: ['/src/add.js'] });
    assert.deepEqual(titles, ['Propose as Edit', 'Copy Answer']);
    assert.deepEqual((await chat.ask({ prompt: 'How?' })).titles, ['Copy Answer']);
    answer = () => `Like this:\n\n\`\`\`js\n${fixed}\n\`\`\``;
    assert.deepEqual((await chat.ask({ prompt: 'Do it.' })).titles, ['Propose as Edit', 'Copy Answer']);
    const several = await chat.ask({ command: 'fix', attach: ['/src/add.js', '/src/other.js'] });
    assert.deepEqual(several.titles, ['Copy Answer']);
  });

  it('is about what is attached, else about the selection, and about that once only', async () => {
    const asked = (): string =>
      double.requests.at(-1)?.body.messages?.at(-1)?.content ?? double.requests.at(-1)?.body.prompt ?? '';
    shown.editor = { path: '/src/other.js', first: 0, last: 1 };
    await chat.ask({ command: 'review', attach: [{ path: '/src/add.js', first: 1, last: 1 }] });
    assert.match(asked(), /File: `src\/add\.js`[^]*about the selected code, line 2 of the file/);
    await chat.ask({ prompt: 'And this?' });
    assert.match(
      asked(),
      /^File: `src\/other\.js`[^]*other\(\);[^]*about the selected code, line 1 of the file/,
    );
    shown.editor = { path: '/src/other.js', first: 0, last: 0 };
    await chat.ask({ prompt: 'Why?' });
    assert.equal(asked(), 'Why?');
    await chat.ask({ command: 'tests' });
    assert.match(asked(), /^Your task is about the whole file `src\/other\.js`\.\n\nWrite unit tests/);
  });

  it('names what was attached and cannot be read', async () => {
    const { text } = await chat.ask({ prompt: 'Why?', attach: ['/src/add.js', '/src/picture.png'] });
    assert.match(text, /\*Left out, because it cannot be read as text: picture\.png\.\*/);
    assert.match(double.requests.at(-1)?.body.prompt ?? '', /File: `src\/add\.js`/);
  });

  it('copies the answer, and a button of another window says that it is too old', async () => {
    const written = await chat.ask({ prompt: 'Why?' });
    await chat.press(written, 'Copy Answer');
    assert.equal(shown.copied, 'It adds.');
    shown.copied = '';
    await chat.press({ buttons: [{ title: 'Copy Answer', arguments: ['other.1'] }] }, 'Copy Answer');
    assert.equal(shown.copied, '');
  });

  it('asks for a file where there is no code, and tells what it can do where there is no question', async () => {
    const explain = await chat.ask({ command: 'explain' });
    assert.match(explain.text, /Open a file first/);
    assert.deepEqual(explain.titles, ['Open File']);
    assert.match((await chat.ask({})).text, /type \/ for a list/);
    assert.deepEqual(
      double.requests.filter(({ body }) => Boolean(body.prompt)),
      [],
    );
  });

  it('ends at once when the user cancels, and the conversation continues', async () => {
    answer = () => 'one two three four five six';
    const gate = double.hold({ afterTokens: 3 });
    await chat.ask({ prompt: 'Count.' }, (text, cancel) => text.includes('one') && cancel());
    const request = await gate.reached;
    assert.equal(await request.finished, 'cancelled');
    gate.release();
    await chat.ask({ prompt: 'Go on.' });
    assert.equal(double.requests.at(-1)?.body.messages?.[1]?.content, 'Count.');
  });

  it('says what failed as everywhere, with the buttons', async () => {
    const empty = await startDouble({ models: [] });
    const other = new Conversation(empty);
    const { text, titles } = await other.ask({ prompt: 'Why?' });
    assert.match(text, /^⚠ .*model/m);
    assert.deepEqual(titles, ['Pull tiny:latest', 'Select Model']);
    await other.client.close();
    await empty.close();
  });

  it('an interrupted answer keeps its text and is reported as incomplete', async () => {
    answer = () => 'one two three four';
    const gate = double.hold({ afterTokens: 2 });
    const asking = chat.ask({ prompt: 'Count.' });
    await (await gate.reached).cut('reset');
    const { text } = await asking;
    gate.release();
    assert.match(text, /one two[^]*⚠ The answer is not complete: /);
  });

  it('what is told below an answer that ends inside its code is not code', async () => {
    answer = () => '```js\nlet one = 1;\nlet two = 2;\n```\n';
    const gate = double.hold({ afterTokens: 6 });
    const asking = chat.ask({ prompt: 'Count.' });
    await (await gate.reached).cut('reset');
    const { text } = await asking;
    gate.release();
    assert.match(text, /```js\nlet[^`]*\n```\n\n\n⚠ The answer is not complete: /);
  });

  it('sends nothing to a server that is not approved', async () => {
    chat.isApproved = false;
    const { text, titles } = await chat.ask({ prompt: 'Why?' });
    assert.match(text, /Nothing was sent: http:.* is not approved\./);
    assert.deepEqual(titles, ['Approve Server']);
    assert.deepEqual(double.requests, []);
  });

  it('asks without thinking, by the button, when the answer was only thinking', async () => {
    answer = () => '<think>Hm.</think>';
    const written = await chat.ask({ command: 'explain', prompt: 'shortly', attach: ['/src/add.js'] });
    assert.ok(written.titles.includes('Without Thinking'), written.titles.join(', '));
    await chat.press(written, 'Without Thinking');
    assert.deepEqual(shown.executed.at(-1), [
      'workbench.action.chat.open',
      { query: '@codeworm /explain shortly' },
    ]);
    answer = () => 'It adds.';
    await chat.ask({ command: 'explain', prompt: 'shortly', attach: ['/src/add.js'] });
    assert.equal(double.requests.at(-1)?.body['think'], false);
  });

  it('continues the last answer of a command, with a note', async () => {
    chat.lastAnswer.keep({
      title: 'Explain',
      subject: 'add',
      history: [],
      prompt: 'P',
      text: 'A',
      complete: true,
    });
    chat.lastAnswer.continueInChat();
    const { text } = await chat.ask({ prompt: 'Why?' });
    assert.match(text, /This continues Explain · add\./);
    await chat.ask({ prompt: 'And?' });
    const contents = double.requests
      .at(-1)
      ?.body.messages?.slice(1)
      .map(({ content }) => content);
    assert.deepEqual(contents, ['P', 'A', 'Why?', 'It adds.', 'And?']);
  });
});
