// Writes pages into a folder until it is done or killed: node runningProcess.ts <folder> <server> <pages> [step]
// With a step, the process kills itself in the middle of that write to the disk.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodePageFiles } from '../../../../src/documentation/nodePageFiles.ts';
import { defaultSettings, OllamaClient } from '../../../../src/ollama/index.ts';
import { modelOf, run, world } from './runWorld.ts';

const [, , folder = '', baseUrl = '', pages = '0', step = 'Infinity'] = process.argv;

class DyingFiles extends NodePageFiles {
  private stepsLeft = Number(step);

  override async write(path: string, content: Uint8Array): Promise<void> {
    if (this.stepsLeft > 1) await super.write(path, content);
    else writeFileSync(join(folder, path), content.slice(0, content.length / 2));
    this.die();
  }

  override async moveToNew(from: string, to: string): Promise<void> {
    await super.moveToNew(from, to);
    this.die();
  }

  private die(): void {
    if (--this.stepsLeft <= 0) process.kill(process.pid, 'SIGKILL');
  }
}

const client = new OllamaClient({ ...defaultSettings, baseUrl, model: 'tiny:latest' });
const handle = await run({ ...world(Number(pages)), files: new DyingFiles(folder) }, modelOf(client));
await handle.ended;
await client.close();
