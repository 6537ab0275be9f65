import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { kindsIn, textIn } from '../../../src/config/commandArguments.ts';
import { looksLikeDeclaration } from '../../../src/code/declaration.ts';
import { readCustomAction, readCustomActions, type EntryFault } from '../../../src/config/customActions.ts';
import { readManifest } from '../../support/docs.ts';

const plain = { title: 'Translate', instruction: 'Translate all comments into English.' };

describe('a custom action', () => {
  test('needs a title and an instruction, and applies to everything by default', () => {
    assert.deepEqual(readCustomAction(plain), {
      action: { ...plain, show: ['selection', 'symbol', 'file'], languages: [], answer: 'show' },
    });
  });

  test('defines its subjects, its languages, and the use of the answer', () => {
    const full = { ...plain, show: ['file', 'selection'], languages: ['go'], answer: 'diff' };
    assert.deepEqual(readCustomAction(full), { action: { ...full, show: ['selection', 'file'] } });
    assert.deepEqual(readCustomAction({ ...plain, show: 'symbol' }), {
      action: { ...plain, show: ['symbol'], languages: [], answer: 'show' },
    });
  });

  const faulty: [name: string, value: unknown, fault: EntryFault][] = [
    ['a text', 'Translate', { kind: 'notAnObject' }],
    ['null', null, { kind: 'notAnObject' }],
    ['a list', [plain], { kind: 'notAnObject' }],
    ['no title', { instruction: 'Do' }, { kind: 'missing', field: 'title' }],
    ['a blank title', { ...plain, title: ' ' }, { kind: 'missing', field: 'title' }],
    ['no instruction', { title: 'T' }, { kind: 'missing', field: 'instruction' }],
    [
      'an instruction that is no text',
      { title: 'T', instruction: 5 },
      { kind: 'missing', field: 'instruction' },
    ],
    ['a slip in a name', { ...plain, anwser: 'diff' }, { kind: 'unknownField', field: 'anwser' }],
    [
      'languages that are no list',
      { ...plain, languages: 'go' },
      { kind: 'notATextList', field: 'languages' },
    ],
    [
      'an unknown answer',
      { ...plain, answer: 'replace' },
      { kind: 'unknownValue', field: 'answer', value: '"replace"', allowed: 'show, insert, diff' },
    ],
    [
      'an unknown place',
      { ...plain, show: ['file', 'menu'] },
      { kind: 'unknownValue', field: 'show', value: '"menu"', allowed: 'selection, symbol, file' },
    ],
    [
      'no place at all',
      { ...plain, show: [] },
      { kind: 'unknownValue', field: 'show', value: '[]', allowed: 'selection, symbol, file' },
    ],
  ];
  for (const [name, value, fault] of faulty)
    test(`cannot be used: ${name}`, () => assert.deepEqual(readCustomAction(value), { fault }));
});

describe('the list of custom actions', () => {
  test('loses only its invalid entries, each named by number and title', () => {
    const list = [plain, { title: 'Bad' }, 7, { ...plain, title: 'Other' }, { ...plain, answer: 'diff' }];
    const { actions, problems } = readCustomActions(list);
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Translate', 'Other'],
    );
    assert.deepEqual(problems, [
      { entry: 2, title: 'Bad', fault: { kind: 'missing', field: 'instruction' } },
      { entry: 3, title: undefined, fault: { kind: 'notAnObject' } },
      { entry: 5, title: 'Translate', fault: { kind: 'titleTaken' } },
    ]);
  });

  test('accepts or names every entry, whatever it contains', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.anything(), fc.constant(plain))), (list) => {
        const { actions, problems } = readCustomActions(list);
        assert.equal(actions.length + problems.length, list.length);
      }),
    );
  });

  test('is described in the manifest with the same names and values', () => {
    const { items } = readManifest().contributes.configuration.properties['codeworm.actions'] as unknown as {
      items: {
        required: string[];
        properties: Record<string, { enum?: string[]; items?: { enum?: string[] } }>;
      };
    };
    const { show, answer } = items.properties;
    assert.deepEqual(items.required, ['title', 'instruction']);
    assert.deepEqual(Object.keys(items.properties), ['title', 'instruction', 'show', 'languages', 'answer']);
    for (const value of show?.items?.enum ?? [])
      assert.ok('action' in readCustomAction({ ...plain, show: [value] }), value);
    for (const value of answer?.enum ?? [])
      assert.ok('action' in readCustomAction({ ...plain, answer: value }), value);
  });
});

describe('the arguments of a key binding', () => {
  test('are texts by name', () => {
    assert.equal(textIn({ question: 'Why?' }, 'question'), 'Why?');
    for (const args of [undefined, null, 'question', { question: 5 }, { question: ' ' }, []])
      assert.equal(textIn(args, 'question'), undefined);
  });

  test('are a subject, or several', () => {
    assert.deepEqual(kindsIn({ subject: 'file' }), ['file']);
    assert.deepEqual(kindsIn({ subject: ['file', 'symbol'] }), ['symbol', 'file']);
    for (const args of [undefined, {}, { subject: 'line' }, { scheme: 'file', path: '/a' }])
      assert.equal(kindsIn(args), undefined);
  });
});

describe('a line that looks like a declaration', () => {
  const yes: [languageId: string, line: string][] = [
    ['typescript', 'export async function load(url: string): Promise<void> {'],
    ['typescript', '  private readonly add = (item: Item) => {'.replace('private readonly', 'const')],
    ['typescript', '  add(item: Item): void {'],
    ['typescript', 'export default class Inventory<T> {'],
    ['typescript', 'type Pair = [number, number];'],
    ['python', '    async def greet(self):'],
    ['go', 'func (s *Store) Add(item Item) error {'],
    ['rust', 'pub(crate) fn add(&mut self) -> usize {'],
    ['java', '  public static int add(int a, int b) {'],
    ['csharp', '    public int Add(int a, int b)'],
    ['c', 'static char *name_of(const struct item *item)'],
    ['kotlin', 'suspend fun load(): Item {'],
    ['ruby', '  def add(item)'],
    ['php', 'public function add(Item $item): void {'],
    ['shellscript', 'greet() {'],
    ['swift', 'func add(_ item: Item) {'],
  ];
  for (const [languageId, line] of yes)
    test(`${languageId}: ${line.trim()}`, () => assert.ok(looksLikeDeclaration(line, languageId)));

  const no: [languageId: string, line: string][] = [
    ['typescript', '  if (item.quantity <= 0) {'],
    ['typescript', '  for (const item of items) {'],
    ['typescript', '  } else if (known) {'],
    ['typescript', '  this.items.push(item);'],
    ['typescript', '  const sum = 0;'],
    ['java', '    return add(1, 2);'],
    ['csharp', '    throw new Error(message)'],
    ['python', '    return greet(person)'],
    ['typescript', ''],
    ['markdown', 'class of 2020'],
  ];
  for (const [languageId, line] of no)
    test(`not ${languageId}: ${line.trim()}`, () => assert.ok(!looksLikeDeclaration(line, languageId)));

  test('is recognized in reasonable time in any line', () => {
    for (const line of ['a '.repeat(250), 'a('.repeat(250), `${'a<b '.repeat(100)}(`, 'x'.repeat(100_000)])
      assert.ok(!looksLikeDeclaration(line, 'java'));
  });
});
