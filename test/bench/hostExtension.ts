/**
 * The extension itself with a listener on its output channel, and the module that measures it. Both are in
 * one bundle, so that they share the state below. VS Code gives an extension and the tests in its folder the
 * same API object.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import * as extension from '../../src/extension.ts';
import { rawAnswer } from './hostRaw.ts';
import { marker, task, type HostContender, type HostFigures, type HostRound } from './hostTask.ts';

export { deactivate } from '../../src/extension.ts';

/** Milliseconds from the server's write of a token to the channel's append. */
let latencies: number[] = [];
/** Number of appended characters. */
let appended = 0;

export function activate(context: vscode.ExtensionContext): unknown {
  const window = vscode.window as {
    createOutputChannel(name: string, ...rest: unknown[]): vscode.OutputChannel;
  };
  const create = window.createOutputChannel.bind(window);
  window.createOutputChannel = (name, ...rest) => {
    const channel = create(name, ...rest);
    return name === 'CodeWorm' ? { ...channel, append: (text) => hear(channel, text) } : channel;
  };
  return extension.activate(context);
}

function hear(channel: vscode.OutputChannel, text: string): void {
  const now = process.hrtime.bigint();
  for (const [, written] of text.matchAll(/@(\d+)/g)) latencies.push(Number(now - BigInt(written!)) / 1e6);
  appended += text.length;
  channel.append(text);
}

/** Asks once, with the configured model. */
type Answer = () => Promise<void>;

/** Called by VS Code as `extensionTestsPath`. */
export async function run(): Promise<void> {
  await vscode.extensions.getExtension('codeworm.codeworm')?.activate();
  await openCode();
  const answers: Record<HostContender, Answer> = { codeworm: explain, raw: rawAnswers() };
  for (const answer of Object.values(answers)) {
    await paced(answer, task.warmUp.pacedTokens);
    await fast(answer, task.warmUp.fastTokens);
  }
  const rounds: HostRound[] = [];
  for (let round = 0; round < task.rounds; round++) {
    const longestIdleBlock = await longestBlock(() => delay(task.idleMs));
    // The order alternates.
    const first = round % 2 === 0 ? 'codeworm' : 'raw';
    const before = await figures(answers[first]);
    const after = await figures(answers[first === 'raw' ? 'codeworm' : 'raw']);
    const [codeworm, raw] = first === 'raw' ? [after, before] : [before, after];
    rounds.push({ longestIdleBlock, codeworm, raw });
  }
  console.log(marker + JSON.stringify(rounds));
}

async function openCode(): Promise<void> {
  // Without a language, because TypeScript's server would start and use the processor.
  const content = 'export function add(a, b) {\n  return a + b;\n}\n';
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('codeworm');
}

async function choose(model: string): Promise<void> {
  await configuration().update('model', model, vscode.ConfigurationTarget.Global);
}

async function explain(): Promise<void> {
  await vscode.commands.executeCommand('codeworm.explain');
}

function rawAnswers(): Answer {
  const channel = vscode.window.createOutputChannel('Raw', 'markdown');
  const url = configuration().get('baseUrl', '');
  return async () => {
    channel.show(true);
    await rawAnswer(url, configuration().get('model', ''), (text) => hear(channel, text));
  };
}

async function figures(answer: Answer): Promise<HostFigures> {
  const sorted = (await paced(answer, task.pacedTokens)).toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    percentile99: sorted[Math.floor(sorted.length * 0.99)]!,
    ...(await fast(answer, task.fastTokens)),
  };
}

/** The latencies of a steady stream. */
async function paced(answer: Answer, tokens: number): Promise<number[]> {
  await choose(`paced:${tokens}`);
  latencies = [];
  await answer();
  if (latencies.length !== tokens) throw new Error(`${latencies.length} of ${tokens} tokens came`);
  return latencies;
}

async function fast(answer: Answer, tokens: number): Promise<Pick<HostFigures, 'longestBlock' | 'fastMs'>> {
  await choose(`fast:${tokens}`);
  appended = 0;
  const started = performance.now();
  const block = await longestBlock(answer);
  if (appended < tokens) throw new Error(`${appended} characters of ${tokens} tokens came`);
  return { longestBlock: block, fastMs: performance.now() - started };
}

/** Most milliseconds between two turns of a timer; 1 of them is the timer's own. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.max / 1e6;
}
