import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Parallelism } from '../../../../src/documentation/workspace/parallelism.ts';
import type { PageModel } from '../../../../src/documentation/workspace/pageModel.ts';
import { goodAnswer, nextEvent, run, world } from './runWorld.ts';
import { SlotServer, VirtualTime } from './simulatedModel.ts';

/** Pages take different times, the same in every run. */
function durations(): () => number {
  let seed = 1;
  return () => 700 + ((seed = (seed * 48_271) % 2_147_483_647) % 1000);
}

async function simulate(pages: number, slots: number, bound: number) {
  const here = world(pages);
  const time = new VirtualTime();
  const server = new SlotServer(time, slots, durations());
  const handle = await run(here, server.model(goodAnswer), {
    mostParallel: () => bound,
    now: () => time.now,
  });
  const report = await time.run(handle.ended, () => server.present >= handle.progress.counts.writing);
  return { report, server, share: server.busyMs / (time.now * slots), begun: here.begun };
}

describe('pages at once', () => {
  it('are as many as the server writes in parallel: 64 slots are found within a few pages each', async () => {
    const { report, share } = await simulate(1500, 64, 64);
    assert.equal(report.counts.written, 1500);
    assert.ok(share >= 0.75, String(share));
  });

  it('stay few on a server with one slot, without loss of speed', async () => {
    const { report, server, share } = await simulate(300, 1, 64);
    assert.equal(report.counts.written, 300);
    assert.ok(server.most <= 2, String(server.most));
    assert.ok(share >= 0.99, String(share));
  });

  for (const slots of [2, 4, 6, 24])
    it(`find ${slots} slots, and keep them busy`, async () => {
      const { server, share } = await simulate(600, slots, 64);
      assert.ok(server.most <= slots * 4, String(server.most));
      assert.ok(share >= 0.8, String(share));
    });

  it('grow with ten servers behind a gateway, and shrink when these refuse', async () => {
    const [pages, replicas, slots] = [1500, 10, 8];
    const here = world(pages);
    const time = new VirtualTime();
    const servers = Array.from({ length: replicas }, () => new SlotServer(time, slots, durations(), 2));
    const models = servers.map((server) => server.model(goodAnswer));
    const sum = (of: (server: SlotServer) => number): number =>
      servers.reduce((all, server) => all + of(server), 0);
    let turn = 0;
    const write: PageModel['write'] = (...asked) => models[turn++ % replicas]!.write(...asked);
    const handle = await run(
      here,
      { ...models[0]!, write },
      {
        mostParallel: () => 1024,
        now: () => time.now,
        wait: (ms) => time.wait(ms),
      },
    );
    let found: { now: number; busyMs: number } | undefined;
    let most = 0;
    const report = await time.run(handle.ended, () => {
      const { parallel, counts } = handle.progress;
      most = Math.max(most, parallel);
      if (parallel >= replicas * slots) found ??= { now: time.now, busyMs: sum(({ busyMs }) => busyMs) };
      return sum(({ present }) => present) >= counts.writing;
    });
    assert.deepEqual([report.counts.written, report.counts.failed], [pages, 0]);
    assert.ok(sum(({ refused }) => refused) > 0, 'more was tried than the servers take');
    assert.ok(handle.progress.parallel < most, 'it became less');
    const busyMs = sum((server) => server.busyMs) - found!.busyMs;
    const share = busyMs / ((time.now - found!.now) * replicas * slots);
    assert.ok(share >= 0.85, String(share));
  });

  it('stay one if several at once are no faster', () => {
    const { parallelism, level } = steps(64);
    // The server writes all requested pages at once, but in total as fast as one.
    for (let round = 0; round < 6; round++) level(() => 1);
    assert.equal(parallelism.limit, 1);
  });

  it('become more although a busy machine has disturbed a measurement', () => {
    const { parallelism, level } = steps(64);
    for (let round = 0; round < 8; round++) level((limit) => (round === 3 ? limit / 4 : limit));
    assert.equal(parallelism.limit, 64);
  });

  it('become four times as many where twice as many were clearly faster', () => {
    const { parallelism, level } = steps(1024);
    const found: number[] = [];
    for (let round = 0; round < 6; round++) {
      found.push(parallelism.limit);
      level((limit) => limit);
    }
    assert.deepEqual(found, [1, 2, 8, 32, 128, 512]);
  });

  for (const most of [1, 2, 4, 6, 16, 24, 64])
    it(`do not grow without end on a server that begins all of them and works on ${most}`, () => {
      const { parallelism, level } = steps(1024);
      for (let round = 0; round < 40; round++) level((limit) => Math.min(limit, most));
      assert.ok(parallelism.limit >= most / 2 && parallelism.limit < 4 * most, String(parallelism.limit));
    });

  it('are never more than the setting allows, also when it changes', () => {
    const { parallelism, level, set } = steps(3);
    for (let round = 0; round < 10; round++) level((limit) => limit);
    assert.equal(parallelism.limit, 3);
    set(1);
    assert.equal(parallelism.limit, 1);
    set(0);
    assert.equal(parallelism.limit, 1);
    set(8);
    for (let round = 0; round < 10; round++) level((limit) => limit);
    assert.equal(parallelism.limit, 8);
  });

  it('become fewer when the server is busy, once for all refused requests', () => {
    const { parallelism, level } = steps(16);
    for (let round = 0; round < 6; round++) level((limit) => limit);
    assert.equal(parallelism.limit, 16);
    for (let count = 0; count < 16; count++) parallelism.busy();
    assert.equal(parallelism.limit, 12);
  });
});

/** Pages in parallel, and a round of them at a total speed in characters per millisecond. */
function steps(first: number) {
  let bound = first;
  let now = 0;
  const parallelism = new Parallelism(
    () => bound,
    () => now,
  );
  const level = (speed: (limit: number) => number): void => {
    const { limit } = parallelism;
    for (let page = 0; page < limit; page++) parallelism.began();
    for (let piece = 0; piece < 20; piece++) {
      now += (10 * limit) / speed(limit);
      for (let page = 0; page < limit; page++) parallelism.wrote(10);
    }
    for (let page = 0; page < limit; page++) {
      parallelism.ended();
      parallelism.finished();
    }
  };
  return { parallelism, level, set: (to: number) => (bound = to) };
}

describe('a question while pages are written', () => {
  /** Asks a question when 200 pages are written. */
  async function asked(slots: number, sharesModel: boolean) {
    const here = world(400);
    const time = new VirtualTime();
    const server = new SlotServer(time, slots, durations());
    const handle = await run(here, server.model(goodAnswer), {
      mostParallel: () => 64,
      now: () => time.now,
      sharesModel: () => sharesModel,
    });
    const at = { asked: 0, before: 0, present: 0 };
    let isDone = false;
    const question = (async () => {
      await nextEvent(handle, 'progress', ({ progress }) => progress.counts.written >= 200);
      at.asked = time.now;
      at.before = server.present;
      const permit = await here.priorities.enter('own');
      assert.equal(time.now, at.asked);
      at.present = server.present;
      await time.wait(500);
      permit.end();
      isDone = true;
    })();
    const isIdle = (): boolean => isDone || server.present > 0 || at.asked > 0;
    const report = await time.run(handle.ended, isIdle);
    await question;
    assert.equal(report.counts.written, 400);
    return at;
  }

  it('ends only some of 16 pages where the server works on 16 requests', async () => {
    const { before, present } = await asked(16, true);
    assert.ok(before >= 16, String(before));
    assert.ok(present >= 8 && present < 16, String(present));
  });

  it('ends all of them on a server that works on one request, or for another model', async () => {
    assert.equal((await asked(1, true)).present, 0);
    assert.equal((await asked(16, false)).present, 0);
  });
});
