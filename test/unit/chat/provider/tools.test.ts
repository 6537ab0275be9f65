/** Which tools are sent, and the advice when a conversation does not fit. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseTools, estimatedTokens } from '../../../../src/chat/provider/promptSize.ts';
import { requesterOf } from '../../../../src/chat/provider/requester.ts';
import { shortListOf, toTools, type VscodeTool } from '../../../../src/chat/provider/tools.ts';
import { adviseWindow, type Overflow } from '../../../../src/chat/provider/windowAdvice.ts';
import type { ChatMessage } from '../../../../src/ollama/index.ts';

/** As long as VS Code's own: about 1,300 characters each. */
const tool = (name: string): VscodeTool => ({
  name,
  description: 'It does something. '.repeat(40),
  inputSchema: {
    type: 'object',
    properties: {
      filePath: { type: 'string', description: 'The path of the file. It must be absolute, always.' },
      extra: { type: 'string', description: 'Something else. '.repeat(20) },
    },
    required: ['filePath'],
  },
});
const essential = [
  'create_file',
  'file_search',
  'get_errors',
  'grep_search',
  'list_dir',
  'read_file',
  'replace_string_in_file',
  'run_in_terminal',
];
const others = Array.from({ length: 31 }, (_, index) => `other_tool_${index}`);
const all = toTools(
  [...others, ...essential, 'apply_patch', 'insert_edit_into_file', 'codeworm_outline'].map(tool),
);
const system: ChatMessage = { role: 'system', content: 's'.repeat(10_700) };
const user: ChatMessage = { role: 'user', content: 'u'.repeat(1700) };
const budget = (numCtx: number) => ({ numCtx, numPredict: 4096, charsPerToken: 3 });

describe('the short list', () => {
  test('has the essential tools and ours, names the others, and keeps agent mode under 6,000 tokens', () => {
    const short = shortListOf(all);
    assert.deepEqual(
      short?.tools.map(({ name }) => name),
      ['codeworm_outline', ...essential],
    );
    assert.deepEqual(short.left.toSorted(), [...others, 'apply_patch', 'insert_edit_into_file'].toSorted());
    const withoutOurs = short.tools.filter(({ name }) => !name.startsWith('codeworm_'));
    assert.ok(estimatedTokens([system, user], withoutOurs, 3) < 6000);
    assert.ok(JSON.stringify(withoutOurs).length < 5000);
  });

  test('keeps what a call needs, and shortens its description', () => {
    const [read] = shortListOf(toTools([tool('read_file')]))!.tools;
    assert.deepEqual(read!.parameters, {
      type: 'object',
      properties: { filePath: { type: 'string' } },
      required: ['filePath'],
    });
    assert.match(read!.description!, /^Read lines of a file, by its absolute path/);
  });

  test('has another tool for edits if the usual one is missing', () => {
    assert.deepEqual(
      shortListOf(toTools([tool('apply_patch')]))?.tools.map(({ name }) => name),
      ['apply_patch'],
    );
  });

  test("leaves another extension's own tools as they are", () => {
    assert.equal(shortListOf(toTools([tool('weather')])), undefined);
    assert.equal(chooseTools('essential', toTools([tool('weather')]), [user], budget(4096)).tools.length, 1);
  });
});

describe('the choice of the tools', () => {
  const count = (choice: 'auto' | 'all' | 'essential', numCtx: number, messages = [system, user]): number =>
    chooseTools(choice, all, messages, budget(numCtx)).tools.length;

  test('automatic: all of them if they leave half of the context window, else the short list', () => {
    assert.equal(count('auto', 16_384), 9);
    assert.equal(count('auto', 131_072), all.length);
  });

  test('as the setting says', () => {
    assert.equal(count('all', 8192), all.length);
    assert.equal(count('essential', 131_072), 9);
  });

  test('a conversation too long for all tools continues with the short list', () => {
    const long: ChatMessage[] = [system, user, { role: 'assistant', content: 'a'.repeat(330_000) }, user];
    assert.equal(count('auto', 131_072, long), 9);
  });
});

describe('the advice for a conversation that does not fit', () => {
  const overflow = (changed: Partial<Overflow> = {}): Overflow => ({
    model: 'tiny:latest',
    promptTokens: 20_000,
    estimate: 20_000,
    numCtx: 16_384,
    numPredict: 4096,
    trained: 131_072,
    loaded: { sizeBytes: 5_638_400_000, contextLength: 16_384 },
    fileBytes: 4_000_000_000,
    canGrow: true,
    isReduced: false,
    ...changed,
  });

  test('the size that it needs, a context window that is large enough, and its memory', () => {
    const { error, numCtx, moreBytes } = adviseWindow(overflow());
    assert.equal(
      error.message,
      'This conversation needs about 20000 tokens, and the context window has 16384: use a larger window, or start a new chat.',
    );
    assert.deepEqual([numCtx, moreBytes], [32_768, 16_384 * 100_000]);
    assert.deepEqual(
      [error.kind, error.promptTokens, error.contextTokens],
      ['contextExceeded', 20_000, 16_384],
    );
  });

  test('a window that is large enough for our own estimate, too', () => {
    assert.equal(adviseWindow(overflow({ promptTokens: 17_000, estimate: 30_000 })).numCtx, 49_152);
  });

  test('no memory if it is unknown', () => {
    const { loaded: _, ...unloaded } = overflow();
    assert.equal(adviseWindow(unloaded).moreBytes, undefined);
  });

  test('at most the context window of the training, if that is enough', () => {
    assert.equal(adviseWindow(overflow({ trained: 24_000 })).numCtx, 24_000);
    const small = adviseWindow(overflow({ trained: 16_384 }));
    assert.equal(small.numCtx, undefined);
    assert.match(
      small.error.message,
      /can have no context window of more than 16384: start a new chat, or choose another model/,
    );
  });

  test('no larger context window if the server decides', () => {
    const { error, numCtx } = adviseWindow(overflow({ canGrow: false }));
    assert.equal(numCtx, undefined);
    assert.match(error.message, /can have no context window of more than 16384/);
  });

  test('no larger context window after memory has run out', () => {
    const { error, numCtx } = adviseWindow(overflow({ isReduced: true, numCtx: 4096 }));
    assert.equal(numCtx, undefined);
    assert.match(error.message, /not enough memory for more than a context window of 4096/);
  });
});

test('who asks: VS Code and its chat are the user, everything else another extension', () => {
  const of = (requestInitiator: unknown): unknown => requesterOf({ requestInitiator });
  assert.deepEqual(of('core'), { id: 'core', isUser: true });
  assert.deepEqual(of('GitHub.copilot-chat'), { id: 'github.copilot-chat', isUser: true });
  assert.deepEqual(of('some.extension'), { id: 'some.extension', isUser: false });
  assert.deepEqual(of('evil.github.copilot-chat'), { id: 'evil.github.copilot-chat', isUser: false });
  assert.deepEqual(of('x | y'), { id: undefined, isUser: false });
  assert.deepEqual(of(5), { id: undefined, isUser: false });
  assert.deepEqual(requesterOf({}), { id: undefined, isUser: true });
});
