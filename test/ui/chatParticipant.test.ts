// @codeworm in the real chat view, without signing in.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../support/double/index.ts';
import { chatSettings, ParticipantView } from '../support/participantView.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

/** Position of the method `add` of the sample. */
const method = { line: 16, column: 5 };
const fixed = `  add(item: Item): void {
    if (!(item.quantity > 0)) {
      throw new RangeError(\`quantity of \${item.name} must be positive\`);
    }
    const known = this.items.get(item.name);
    if (known) {
      known.quantity += item.quantity;
    } else {
      this.items.set(item.name, { ...item });
    }
  }`;

function answerTo(prompt: string): string {
  if (prompt.includes('Fix the bugs')) return `\`\`\`typescript\n${fixed}\n\`\`\`\nCopies the item.`;
  if (prompt.includes('And why?')) return 'Because a **map** is quick. [Quit](command:workbench.action.quit)';
  return 'It puts goods on the *shelf*.\n\n- One\n- Two';
}

describe('@codeworm in the chat', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;
  let chat: ParticipantView;

  before(async () => {
    double = await startDouble({
      models: [{ name: 'tiny:latest', sizeBytes: 1e9 }],
      answer: ({ prompt }) => answerTo(prompt),
    });
    const settings = { 'codeworm.baseUrl': double.url, 'codeworm.prewarm': false, ...chatSettings };
    opened = await openSampleWindow(settings, { size: { width: 1500, height: 950 }, builtIn: 'all' });
    window = opened.window;
    chat = new ParticipantView(window);
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  const asked = (): RecordedRequest[] =>
    double.requests.filter(
      ({ path, body }) => path === '/api/chat' || (path === '/api/generate' && Boolean(body.prompt)),
    );

  it('explains the method at the cursor, signed out; the answer streams, and says which model it is', async () => {
    await window.placeCursor(method);
    await chat.open();
    const gate = double.hold({ afterTokens: 4 });
    await chat.ask('/explain');
    await gate.reached;
    await chat.answer().filter({ hasText: 'It puts' }).waitFor();
    assert.doesNotMatch((await chat.answer().textContent()) ?? '', /Two/);
    gate.release();
    await chat.answer().locator('li').filter({ hasText: 'Two' }).waitFor();
    await chat.answer().locator('em').filter({ hasText: 'shelf' }).waitFor();
    await chat.answer().filter({ hasText: 'own model, tiny:latest' }).waitFor();
    await chat.followUp('What can go wrong in it?').waitFor();
    await window.screenshot('chat-explain');
    const [{ body }] = asked() as [RecordedRequest];
    assert.match(body.prompt ?? '', /the method `add`, lines 14-24 of the file[^]*Explain the method `add`/);
  });

  it('a follow-up has the conversation, word for word, and its links have no power', async () => {
    await chat.ask('And why?');
    await chat.answer().filter({ hasText: 'is quick' }).waitFor();
    await chat.button('Copy Answer').waitFor();
    assert.equal(await chat.answer().locator('a[data-href^="command:"]').count(), 0);
    assert.doesNotMatch((await chat.answer().textContent()) ?? '', /own model/);
    const [first, { body }] = asked() as [RecordedRequest, RecordedRequest];
    assert.deepEqual(body.messages?.slice(1), [
      { role: 'user', content: first.body.prompt },
      { role: 'assistant', content: answerTo('') },
      { role: 'user', content: 'And why?' },
    ]);
    await window.screenshot('chat-follow-up');
  });

  it('what /fix has found is proposed as an edit, in the diff of the commands', async () => {
    await chat.ask('/fix');
    await chat.button('Propose as Edit').click();
    await window.page
      .locator('.tab')
      .filter({ hasText: `Fix by CodeWorm: ${sample.file}` })
      .waitFor();
    const changed = window.page.locator('.monaco-diff-editor .modified .view-line');
    await changed.filter({ hasText: '{ ...item }' }).first().waitFor();
    await window.screenshot('chat-propose');
    await window.command('CodeWorm: Accept Edit');
    await window
      .editor(sample.file)
      .locator('.view-line')
      .filter({ hasText: '{ ...item }' })
      .first()
      .waitFor();
  });

  it('Cancel closes the connection at once', async () => {
    const gate = double.hold({ afterTokens: 2 });
    await chat.ask('Once more?');
    const request = await gate.reached;
    await chat.cancel();
    assert.equal(await request.finished, 'cancelled');
    gate.release();
    await window.screenshot('chat-cancel');
  });

  it('a server that is down is said as everywhere, with the buttons', async () => {
    await double.close();
    await chat.ask('/review');
    await chat
      .answer()
      .filter({ hasText: /Ollama/ })
      .waitFor();
    await chat.button('Diagnose Connection').waitFor();
    await window.screenshot('chat-down');
  });
});
