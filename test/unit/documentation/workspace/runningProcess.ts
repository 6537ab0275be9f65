// Writes pages into a folder until it is done or killed: node runningProcess.ts <folder> <server> <pages>
import { NodePageFiles } from '../../../../src/documentation/nodePageFiles.ts';
import { defaultSettings, OllamaClient } from '../../../../src/ollama/index.ts';
import { modelOf, run, world } from './runWorld.ts';

const [, , folder = '', baseUrl = '', pages = '0'] = process.argv;
const client = new OllamaClient({ ...defaultSettings, baseUrl, model: 'tiny:latest' });
const handle = await run({ ...world(Number(pages)), files: new NodePageFiles(folder) }, modelOf(client));
await handle.ended;
await client.close();
