import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readMarkedPage } from '../../../../src/documentation/workspace/pageMark.ts';
import { defaultSettings, OllamaClient } from '../../../../src/ollama/index.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../../support/double/index.ts';
import { goodAnswer, modelOf, nextEvent, run, sourcesOf, world, type World } from './runWorld.ts';

const isGeneration = ({ path, body }: RecordedRequest): boolean =>
  path === '/api/generate' && Boolean(body.prompt);
const about = (symbol: string) => (request: RecordedRequest) =>
  isGeneration(request) && String(request.body.prompt).includes(`the function \`${symbol}\``);

describe('a run over pages', () => {
  let double: OllamaDouble;
  let client: OllamaClient;
  let here: World;

  beforeEach(async () => {
    double = await startDouble({ answer: () => goodAnswer });
    client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
    here = world(3);
  });
  afterEach(async () => {
    await client.close();
    await double.close();
  });

  /** Every page is complete and contains its mark, and there are no other files. */
  async function checkPages(count: number): Promise<void> {
    assert.equal(here.files.pages.length, count);
    assert.deepEqual(here.files.parts, []);
    for (const path of here.files.pages) {
      const text = here.files.content.get(path)!;
      const page = await readMarkedPage(text);
      assert.equal(page?.isTouched, false);
      assert.equal(page?.mark.model, 'tiny:latest');
      assert.match(text, /## Usage\n\nIt keeps to the point\.\n[^]*\*Written by CodeWorm on/);
    }
  }

  it('writes each page once, reports, and leaves no unfinished run', async () => {
    const handle = await run(here, modelOf(client));
    const report = await handle.ended;
    assert.deepEqual([report.counts.written, report.passed, report.total], [3, 3, 3]);
    assert.equal(report.isStopped, false);
    assert.equal(double.requests.filter(isGeneration).length, 3);
    assert.equal(here.files.content.has('docs/.codeworm/run.json'), false);
    await checkPages(3);
  });

  it('skips what is unchanged, rewrites what has changed, lists what is gone', async () => {
    await (
      await run(here, modelOf(client))
    ).ended;
    here.sources = sourcesOf(here.items.slice(0, 2));
    here.sources.set(
      here.items[0]!.path,
      here.sources.get(here.items[0]!.path)!.replace('return 1', 'return 2'),
    );
    const report = await (await run(here, modelOf(client))).ended;
    assert.deepEqual([report.counts.written, report.counts.skipped, report.counts.gone], [1, 1, 1]);
    assert.deepEqual(
      report.gone.map(({ symbol }) => symbol),
      ['work2'],
    );
    assert.equal(double.requests.filter(isGeneration).length, 4);
    await checkPages(3);
  });

  it('never replaces a changed page: the new text is written once to a file beside it', async () => {
    await (
      await run(here, modelOf(client))
    ).ended;
    const [path] = here.files.pages;
    const theirs = `${here.files.content.get(path!)!}My own words.\n`;
    here.files.content.set(path!, theirs);
    here.sources = sourcesOf(here.items, 2);
    const report = await (await run(here, modelOf(client))).ended;
    assert.deepEqual([report.counts.written, report.counts.proposed], [2, 1]);
    assert.equal(report.proposals[0]?.page, path);
    assert.equal(here.files.content.get(path!), theirs);
    await (
      await run(here, modelOf(client))
    ).ended;
    assert.equal(double.requests.filter(isGeneration).length, 6);
  });

  it('lets a question of the user run first, and writes the interrupted page afterwards', async () => {
    const middle = double.hold({ afterTokens: 5 }, about('work1'));
    const handle = await run(here, modelOf(client));
    const page = await double.nextRequest(about('work1'));
    await middle.reached;
    const question = await here.priorities.enter('own');
    // When the question may start, the connection of the page is closed.
    assert.equal(await page.finished, 'cancelled');
    assert.equal(here.files.pages.length, 1);
    middle.release();
    question.end();
    assert.equal((await handle.ended).counts.written, 3);
    assert.equal(double.requests.filter(about('work1')).length, 2);
    await checkPages(3);
  });

  it('continues after the written text if the model can', async () => {
    here.items.length = 1;
    const middle = double.hold({ afterTokens: 9 }, about('work0'));
    const model = { ...modelOf(client), continues: () => Promise.resolve(true) };
    const handle = await run(here, model);
    await middle.reached;
    const question = await here.priorities.enter('own');
    middle.release();
    double.set({ answer: () => ' and goes on.' });
    question.end();
    const chat = await double.nextRequest(({ path }) => path === '/api/chat');
    const messages = chat.body['messages'] as { role: string; content: string }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant'],
    );
    assert.ok(goodAnswer.startsWith(messages[2]!.content) && messages[2]!.content.length > 5);
    await handle.ended;
    const text = here.files.content.get(here.files.pages[0]!)!;
    assert.ok(text.includes(`${messages[2]!.content.split('\n').at(-1)} and goes on.`), text);
  });

  it('pauses at once, resumes with the interrupted page, and stops', async () => {
    const middle = double.hold({ afterTokens: 5 }, about('work1'));
    const handle = await run(here, modelOf(client));
    const page = await double.nextRequest(about('work1'));
    await middle.reached;
    handle.pause();
    assert.equal(await page.finished, 'cancelled');
    assert.deepEqual(handle.progress.state, { kind: 'paused', reason: 'user' });
    handle.resume('battery');
    assert.equal(handle.progress.state.kind, 'paused');
    middle.release();
    const next = double.nextRequest(about('work1'));
    handle.resume();
    await next;
    await nextEvent(handle, 'item', ({ outcome }) => outcome === 'written');
    const report = await handle.stop();
    assert.equal(here.files.pages.length, report.counts.written);
    await checkPages(report.counts.written);
  });

  it('records why a page cannot be written, and continues', async () => {
    const described = "The model's answer cannot be used.";
    void double.faultNext(about('work1'), { kind: 'respond', status: 400, body: '{"error":"bad"}' });
    const handle = await run(here, modelOf(client), { describe: () => described });
    const report = await handle.ended;
    assert.deepEqual([report.counts.written, report.counts.failed], [2, 1]);
    assert.equal(report.failures[0]?.item.symbol, 'work1');
    assert.ok([...here.files.content.values()].some((text) => text.includes(described)));
    assert.equal((await (await run(here, modelOf(client))).ended).counts.written, 1);
    assert.ok(![...here.files.content.values()].some((text) => text.includes(described)));
    await checkPages(3);
  });

  it('repeats a page that has not passed once, at a lower temperature, and lists unknown names', async () => {
    here.items.length = 1;
    let checks = 0;
    const handle = await run(here, modelOf(client), {
      check: () => ({
        missingHeadings: [],
        unknownNames: ++checks === 1 ? ['one', 'two'] : ['two'],
        empty: false,
        repeated: false,
      }),
    });
    const report = await handle.ended;
    const [first, second] = double.requests.filter(isGeneration);
    const temperature = (request: RecordedRequest): number => Number(request.body.options?.['temperature']);
    assert.ok(temperature(second!) < temperature(first!));
    assert.deepEqual([report.counts.written, report.passed], [1, 0]);
    assert.match(here.files.content.get(here.files.pages[0]!)!, /: ?\*? *`two`\n$/);
  });
});
