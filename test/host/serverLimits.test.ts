// Delete, Unload and Load with a server that never answers.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, it } from './runner.ts';
import type { HoldPoint } from '../support/double/gates.ts';
import type { OllamaDouble, RecordedRequest } from '../support/double/index.ts';
import { connect, messageShown, pressInDialog, run, status } from './world.ts';

const model = 'tiny:latest';
const deletes = ({ path }: RecordedRequest): boolean => path === '/api/delete';
const lists = ({ path }: RecordedRequest): boolean => path === '/api/ps' || path === '/api/tags';
const loads = ({ path, body }: RecordedRequest): boolean => path === '/api/generate' && !body.prompt;

interface Case {
  command: string;
  args?: string;
  /** Where the server stops. */
  point: HoldPoint;
  held: (request: RecordedRequest) => boolean;
  /** The time limit in milliseconds. */
  limitMs: number;
  message: RegExp;
  asks?: string;
}

const cases: Case[] = [
  {
    command: 'deleteModel',
    args: model,
    point: 'answer',
    held: deletes,
    limitMs: 60_000,
    message: /^Deleting tiny:latest: the server was not done after 60 s/,
    asks: 'Delete',
  },
  {
    command: 'unload',
    point: 'answer',
    held: lists,
    limitMs: 60_000,
    message: /^Asking for the models: the server was not done after 60 s/,
  },
  {
    command: 'prewarm',
    point: 'loading',
    held: loads,
    limitMs: 600_000,
    message: /^Loading the model: the server was not done after 600 s/,
  },
];

describe('a server that does not answer', () => {
  let double: OllamaDouble;
  const { setTimeout: realSetTimeout } = globalThis;
  const { withProgress } = vscode.window;

  beforeEach(async () => {
    double = await connect();
    await status('idle');
  });
  afterEach(async () => {
    globalThis.setTimeout = realSetTimeout;
    vscode.window.withProgress = withProgress;
    await double.close();
  });

  /** Ends a time limit as soon as the server has the request. */
  function endLimit(limitMs: number, when: Promise<unknown>): void {
    const shortened = (callback: () => void, ms?: number, ...rest: unknown[]): unknown => {
      const end = async (): Promise<void> => {
        await when;
        callback();
      };
      if (ms === limitMs) void end();
      return realSetTimeout(callback, ms, ...(rest as []));
    };
    globalThis.setTimeout = shortened as typeof setTimeout;
  }

  /** Presses Cancel when the next progress is shown. */
  function cancelProgress(): void {
    vscode.window.withProgress = async (options, task) => {
      const source = new vscode.CancellationTokenSource();
      const done = task({ report: () => undefined }, source.token);
      assert.equal(options.cancellable, true);
      source.cancel();
      return done;
    };
  }

  for (const { command, args, point, held, limitMs, message, asks } of cases) {
    it(`${command} ends at its time limit, with a message and buttons`, async () => {
      const gate = double.hold(point, held);
      endLimit(limitMs, gate.reached);
      const shown = messageShown('showWarningMessage');
      if (asks) void pressInDialog(asks);
      await run(command, args);
      const { message: text, buttons } = await shown;
      assert.match(text, message);
      assert.deepEqual(buttons, ['Try Again', 'Diagnose Connection']);
      assert.equal(await (await gate.reached).finished, 'cancelled');
      gate.release();
    });

    it(`${command} can be cancelled, which is not an error`, async () => {
      const gate = double.hold(point, held);
      cancelProgress();
      const complaints: string[] = [];
      const { showErrorMessage } = vscode.window;
      vscode.window.showErrorMessage = async (text: string) => {
        complaints.push(text);
        return undefined;
      };
      if (asks) void pressInDialog(asks);
      await run(command, args);
      vscode.window.showErrorMessage = showErrorMessage;
      assert.equal(await (await gate.reached).finished, 'cancelled');
      assert.deepEqual(complaints, []);
      gate.release();
    });
  }
});
