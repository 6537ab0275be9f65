// npm start -- --check: shows in a real, invisible window that the extension works here.
import { setTimeout as delay } from 'node:timers/promises';
import type { AnswerSource } from './answerSource.ts';
import { openSampleWindow, sample } from '../sampleWindow.ts';
import type { Window } from '../vscode/window.ts';

/** High enough for a whole answer, because the panel renders only visible lines. */
const SIZE = { width: 1400, height: 2400 };

/** Loading a large model from a slow disk takes minutes before anything is visible. */
const SILENCE_MS = 600_000;

/** If nothing else happens for this long, a message that waits for the user is the reason. */
const QUESTION_MS = 10_000;

/** Often enough to see it grow, slow enough to read along. */
const EVERY_MS = 400;

const FINISHED = /tokens\/s · /;
const FAILED = /(No answer|The answer is not complete): [^*]*|Cancelled; [^*]*/;

/** Explains the sample file and prints the growing Output panel. Throws an Error that says what failed. */
export async function startCheck({ settings }: AnswerSource): Promise<void> {
  const { window, close } = await openSampleWindow(settings, { size: SIZE, builtIn: 'all' });
  try {
    console.log(`Status bar: ${await window.extensionStatusText()}`);
    await window.contextMenu(sample.file, sample.text, ['CodeWorm', 'Explain']);
    const partial = await follow(window);
    console.log(`Status bar: ${await window.extensionStatusText()}`);
    if (partial < 2) throw new Error('the answer came in one piece, it did not stream');
  } catch (error) {
    const picture = await window.screenshot('start-check').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(picture ? `${reason} (the window: ${picture})` : reason, { cause: error });
  } finally {
    await close();
  }
}

/** Resolves with the number of times the answer had grown before it was finished. */
async function follow(window: Window): Promise<number> {
  const started = performance.now();
  let lastChange = started;
  let [shown, growths] = ['', 0];
  for (;;) {
    const text = await window.outputText();
    if (text !== shown) {
      print((performance.now() - started) / 1000, shown, text);
      lastChange = performance.now();
      shown = text;
      if (FINISHED.test(text)) return growths;
      growths++;
    }
    const failure = FAILED.exec(text);
    if (failure) throw new Error(failure[0]);
    await complainAboutSilence(window, performance.now() - lastChange);
    await delay(EVERY_MS);
  }
}

async function complainAboutSilence(window: Window, silenceMs: number): Promise<void> {
  const message = silenceMs > QUESTION_MS ? await window.messageText() : undefined;
  if (message) throw new Error(message);
  if (silenceMs > SILENCE_MS) throw new Error(`nothing new was shown for ${SILENCE_MS / 60_000} minutes`);
}

/** Prints only the new text, after the seconds since the command. */
function print(seconds: number, before: string, now: string): void {
  const added = now.startsWith(before) ? now.slice(before.length) : now;
  console.log(`[${seconds.toFixed(1).padStart(5)} s] ${added.trim()}`);
}
