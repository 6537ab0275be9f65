// A run ends at any step at the disk, like a crash or a power failure, and another one continues.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { PageFiles } from '../../../../src/documentation/workspace/pageFiles.ts';
import { readMarkedPage } from '../../../../src/documentation/workspace/pageMark.ts';
import type { PageModel } from '../../../../src/documentation/workspace/pageModel.ts';
import type { MemoryFiles } from './memoryFiles.ts';
import { goodAnswer, run, sourcesOf, world, type World } from './runWorld.ts';
import { resultOf } from './simulatedModel.ts';

/** Files of a process that ends at a step: that step is half done, and nothing happens after it. */
class DyingFiles implements PageFiles {
  readonly died = Promise.withResolvers<void>();
  private readonly files: MemoryFiles;
  private stepsLeft: number;
  private readonly never = new Promise<never>(() => undefined);

  constructor(files: MemoryFiles, stepsLeft: number) {
    this.files = files;
    this.stepsLeft = stepsLeft;
  }

  list(): AsyncIterable<string> {
    return this.files.list();
  }

  names(folder: string): Promise<string[]> {
    return this.stepsLeft < 0 ? this.never : this.files.names(folder);
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.stepsLeft < 0 ? this.never : this.files.read(path);
  }

  isUnsaved(path: string): boolean {
    return this.files.isUnsaved(path);
  }

  write(path: string, content: Uint8Array): Promise<void> {
    return this.step(
      () => this.files.write(path, content),
      () => this.files.write(path, content.slice(0, content.length / 2)),
    );
  }

  replace(from: string, to: string): Promise<void> {
    return this.step(() => this.files.replace(from, to));
  }

  moveToNew(from: string, to: string): Promise<void> {
    return this.step(
      () => this.files.moveToNew(from, to),
      // A hard link exists, and the old name is not removed yet.
      async () => {
        this.files.content.set(to, this.files.content.get(from)!);
      },
    );
  }

  remove(path: string): Promise<void> {
    return this.step(() => this.files.remove(path));
  }

  private async step(whole: () => Promise<void>, half?: () => Promise<void>): Promise<void> {
    if (this.stepsLeft < 0) return this.never;
    if (this.stepsLeft-- > 0) return whole();
    await half?.();
    this.died.resolve();
    return this.never;
  }
}

/** Incomplete files carry the number of their process. This one has ended. */
function endProcess({ content, parts }: MemoryFiles): void {
  for (const path of parts) {
    content.set(path.replace(`.${process.pid}-`, '.2147483646-'), content.get(path)!);
    content.delete(path);
  }
}

function counting(written: string[]): PageModel {
  return {
    budget: async () => ({ model: 'tiny:latest', numCtx: 4096, numPredict: 512, charsPerToken: 3 }),
    isReachable: async () => true,
    continues: async () => false,
    write: async ({ prompt }, onEvent) => {
      onEvent({ type: 'text', text: goodAnswer });
      written.push(/the function `(\w+)`/.exec(prompt)![1]!);
      return resultOf(goodAnswer);
    },
  };
}

/** Each page on the disk is complete, and no subject has two. */
async function checkPages({ files }: World): Promise<number> {
  const subjects = new Set<string | undefined>();
  for (const path of files.pages) {
    const page = await readMarkedPage(files.content.get(path)!);
    assert.equal(page?.isTouched, false, path);
    subjects.add(page?.mark.symbol);
  }
  assert.equal(subjects.size, files.pages.length);
  return subjects.size;
}

describe('a crash at any step', () => {
  it('leaves only complete pages, and the next runs write each missing one once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (count, parallel, crashes, isRewritten) => {
          const here = world(count);
          if (isRewritten) {
            await (
              await run(here, counting([]))
            ).ended;
            here.sources = sourcesOf(here.items, 2);
          }
          for (const steps of crashes) {
            const files = new DyingFiles(here.files, steps);
            const attempt = run({ ...here, files }, counting([]), { mostParallel: () => parallel });
            await Promise.race([attempt.then((handle) => handle.ended), files.died.promise]);
            endProcess(here.files);
            await checkPages(here);
          }
          const isCurrent = (path: string): boolean =>
            here.files.content.get(path)!.includes(`return ${isRewritten ? 2 : 1};`);
          const before = here.files.pages.filter(isCurrent).length;
          const written: string[] = [];
          const { counts } = await (await run(here, counting(written))).ended;
          assert.equal(counts.written, count - before);
          assert.equal(written.length, new Set(written).size);
          assert.equal(await checkPages(here), count);
          assert.ok(here.files.pages.every(isCurrent));
          assert.deepEqual(here.files.parts, []);
          assert.ok(!here.files.content.has('docs/.codeworm/run.json'));
        },
      ),
      { numRuns: 100 },
    ));
});
