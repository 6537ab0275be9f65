// Takes the lock of each folder that it is told on its standard input, and answers "got" or "in use":
// node lockingProcess.ts
import { createInterface } from 'node:readline';
import { NodePageFiles } from '../../../../src/documentation/nodePageFiles.ts';
import { FolderInUseError, lockRun } from '../../../../src/documentation/workspace/runLock.ts';

console.log('ready');
for await (const folder of createInterface({ input: process.stdin }))
  await lockRun(new NodePageFiles(folder), 'running.json').then(
    () => console.log('got'),
    (error: unknown) => console.log(error instanceof FolderInUseError ? 'in use' : String(error)),
  );
