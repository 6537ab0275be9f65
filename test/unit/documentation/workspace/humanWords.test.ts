// Whatever people do to pages and sources, before or while pages are written, no byte of theirs is lost.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readMarkedPage, subjectIn } from '../../../../src/documentation/workspace/pageMark.ts';
import { PageStore } from '../../../../src/documentation/workspace/pageStore.ts';
import { withIndex } from '../../../../src/documentation/workspace/pagesReadme.ts';
import { goodAnswer, run, sourcesOf, world, type World } from './runWorld.ts';
import { modelThatAnswers } from './simulatedModel.ts';

const folder = 'docs/codeworm';
const readme = `${folder}/README.md`;
const model = modelThatAnswers(goodAnswer);

/** What people, editors and Git do to a text. The first ones are not a change of it. */
const edits = {
  windowsLineEnds: (text: string) => text.replaceAll(/\r?\n/g, '\r\n'),
  unixLineEnds: (text: string) => text.replaceAll('\r\n', '\n'),
  byteOrderMark: (text: string) => `\uFEFF${text.replace('\uFEFF', '')}`,
  nothing: (text: string) => text,
  oneBlank: (text: string) => text.replace('point.', 'point. '),
  words: (text: string) => text.replace('point', 'point, and I say so'),
  wordsAtTheTop: (text: string) => `My note\n\n${text}`,
  wordsBesideTheMark: (text: string) => text.replace(/-->/, '--> my note'),
  wordsInTheMark: (text: string) => text.replace(/"\} -->/, '","note":"mine"} -->'),
  wordsAtTheEnd: (text: string) => `${text}My note`,
  noMark: (text: string) => text.replace(/^.*\n/, ''),
  brokenMark: (text: string) => text.replace('"prompt":', '"prompt:'),
  formatted: (text: string) => text.replaceAll(/^- /gm, '* ').trimEnd(),
  conflict: (text: string) => `<<<<<<< HEAD\n${text}=======\nmine\n>>>>>>> theirs\n`,
  conflictInTheMark: (text: string) =>
    text.replace(
      /^(.*)\n/,
      (line) => `<<<<<<< HEAD\n${line}=======\n${line.replace('tiny', 'big')}>>>>>>> theirs\n`,
    ),
  lastLineEnd: (text: string) => text.replace(/\n$/, ''),
  empty: () => '',
  own: () => '# Mine\n\nAll of it.\n',
} satisfies Record<string, (text: string) => string>;
type Edit = keyof typeof edits;
const unchanging: ReadonlySet<Edit> = new Set([
  'windowsLineEnds',
  'unixLineEnds',
  'byteOrderMark',
  'nothing',
]);

/** People who change a folder, and know their own texts. */
class People {
  /** The files with words of theirs, as they have left them. */
  readonly theirs = new Map<string, string>();
  private readonly here: World;

  constructor(here: World) {
    this.here = here;
  }

  edit(number: number, edit: Edit): void {
    const { content, pages } = this.here.files;
    const path = pages[number % pages.length];
    const text = path === undefined ? undefined : content.get(path);
    if (path === undefined || text === undefined || path === readme) return;
    const changed = edits[edit](text);
    content.set(path, changed);
    if (this.theirs.has(path) || (!unchanging.has(edit) && changed !== text)) this.theirs.set(path, changed);
  }

  move(number: number, to: string, isCopy: boolean): void {
    const { content, pages } = this.here.files;
    const path = pages[number % pages.length];
    if (path === undefined || path === readme || content.has(to)) return;
    content.set(to, content.get(path)!);
    const theirs = this.theirs.get(path);
    if (theirs !== undefined) this.theirs.set(to, theirs);
    if (isCopy) return;
    content.delete(path);
    this.theirs.delete(path);
  }

  remove(number: number): void {
    const path = this.here.files.pages[number % this.here.files.pages.length];
    if (path === undefined) return;
    this.here.files.content.delete(path);
    this.theirs.delete(path);
  }

  create(path: string): void {
    if (this.here.files.content.has(path)) return;
    this.here.files.content.set(path, 'My own page.\n');
    this.theirs.set(path, 'My own page.\n');
  }

  /** -1 when there is no such page. */
  numberOf(path: string): number {
    return this.here.files.pages.indexOf(path);
  }

  check(): void {
    for (const [path, text] of this.theirs) assert.equal(this.here.files.content.get(path), text, path);
  }
}

const number = fc.nat(20);
const edit = fc.record({
  kind: fc.constant('edit' as const),
  number,
  edit: fc.constantFrom(...(Object.keys(edits) as Edit[])),
});
const act = fc.oneof(
  { weight: 4, arbitrary: edit },
  fc.record({
    kind: fc.constant('move' as const),
    number,
    to: fc.constantFrom(
      'handbook/a.md',
      `${folder}/b.md`,
      `${folder}/src/file0.ts/function-work1.md`,
      'Page.MD',
    ),
    isCopy: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('remove' as const), number }),
  fc.record({
    kind: fc.constant('create' as const),
    path: fc.constantFrom(
      ...[0, 1, 2].map((item) => `${folder}/src/file0.ts/function-work${item}.md`),
      `${folder}/src/file0.ts/function-work0-2.md`,
      `${folder}/notes.md`,
    ),
  }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
const step = fc.oneof(
  { weight: 3, arbitrary: act },
  fc.record({ kind: fc.constant('source' as const), version: fc.nat(3) }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      stopAfter: fc.option(fc.nat(4)),
      /** What people do while a page is being written to the disk. */
      meanwhile: fc.option(fc.record({ write: fc.nat(5), act })),
      fault: fc.option(fc.nat(8)),
    }),
  },
);

function apply(people: People, one: Act): void {
  switch (one.kind) {
    case 'edit':
      return people.edit(one.number, one.edit);
    case 'move':
      return people.move(one.number, one.to, one.isCopy);
    case 'remove':
      return people.remove(one.number);
    case 'create':
      return people.create(one.path);
  }
}

/** Does it to the page that is being written at this moment. */
function applyTo(temporary: string, people: People, one: Act): void {
  const path = temporary.replace(/\.\d+-[^.]*\.codeworm-part$/, '');
  if (path.includes('/.codeworm/')) return;
  if (one.kind === 'create') return people.create(path);
  const number = people.numberOf(path);
  if (number >= 0) apply(people, { ...one, number });
}

/** Writes the pages, with what happens meanwhile, and the index. */
async function write(
  here: World,
  people: People,
  {
    stopAfter,
    meanwhile,
    fault,
  }: { stopAfter: number | null; meanwhile: { write: number; act: Act } | null; fault: number | null },
): Promise<void> {
  let writes = 0;
  let steps = 0;
  here.files.fault = (kind, path) => {
    if (kind === 'write' && meanwhile?.write === writes++) applyTo(path, people, meanwhile.act);
    // Another error than that of a full disk, which would pause the run.
    return fault === steps++ ? 'ENAMETOOLONG' : undefined;
  };
  const handle = await run(here, model);
  let done = 0;
  if (stopAfter !== null)
    handle.onEvent((event) => {
      if (event.type === 'item' && event.outcome === 'written' && ++done > stopAfter) void handle.stop();
    });
  await handle.ended;
  here.files.fault = () => undefined;
  const store = await PageStore.open(here.files, folder);
  const pages = [...store.pages].map(({ path, mark }) => Object.assign(subjectIn(mark), { page: path }));
  await store
    .changeFile(readme, (text) => withIndex(text, pages, folder))
    .catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
    });
}

describe('the words of people in pages', () => {
  it('stay, byte for byte, whatever is done to pages and sources, and whenever a run stops', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        const here = world(3);
        const people = new People(here);
        for (const one of steps) {
          if (one.kind === 'source') here.sources = sourcesOf(here.items, one.version);
          else if (one.kind === 'run') await write(here, people, one);
          else apply(people, one);
          people.check();
        }
        await write(here, people, { stopAfter: null, meanwhile: null, fault: null });
        people.check();
        assert.deepEqual(here.files.parts, []);
        for (const path of here.files.pages)
          if (path !== readme && !people.theirs.has(path))
            assert.equal((await readMarkedPage(here.files.content.get(path)!))?.isTouched, false, path);
        // Nothing is left to do, and no page is written twice.
        const { ended } = await run(here, {
          ...model,
          write: () => Promise.reject(new Error('asked again')),
        });
        assert.deepEqual((await ended).failures, []);
      }),
      { numRuns: 60 },
    ));
});
