import * as vscode from 'vscode';
import type { AnswerEvent } from '../../generation/answerReader.ts';
import { retryLine } from '../../generation/outputChannel.ts';
import type { GenerationSink, Job, Outcome, Run } from '../../generation/queue.ts';
import { OllamaError, type Phase } from '../../ollama/index.ts';
import { OpenBlock } from '../../text/fences.ts';
import { escapeMarkdown } from '../../text/markdown.ts';
import { InertMarkdown } from '../../text/sanitizeMarkdown.ts';
import { timeText } from '../../ui/format.ts';
import { actionsForError } from '../../ui/errorActions.ts';
import { localizeError } from '../../ui/localize.ts';
import type { MessageAction } from '../../ui/notifications.ts';
import { ReadingProgress } from './readingProgress.ts';
import type { AnswerButtons } from './buttons.ts';

/** What is shown before an answer. */
export interface Beginning {
  /** Whether to show what is shown once per conversation. */
  isFirst: boolean;
  notes: readonly string[];
  /** Estimated milliseconds for reading the prompt, once the model is known. */
  expectedReadingMs: (model: string) => number | undefined;
}

/** Streams an answer into VS Code's chat: the phase, then the text without active content. */
export class ResponseSink implements GenerationSink {
  readonly stream: vscode.ChatResponseStream;
  private readonly beginning: Beginning;
  private markdown = new InertMarkdown();
  private block = new OpenBlock();
  private readonly reading = new ReadingProgress();
  private shownPhase: Phase | undefined;
  private expectedMs: number | undefined;

  constructor(stream: vscode.ChatResponseStream, beginning: Beginning) {
    this.stream = stream;
    this.beginning = beginning;
  }

  begin({ model, note }: Run): void {
    const { isFirst, notes, expectedReadingMs } = this.beginning;
    this.expectedMs = expectedReadingMs(model);
    if (isFirst) this.say(whoAnswers(model));
    for (const one of [...notes, ...(note ? [note] : [])]) this.say(one);
  }

  onEvent(event: AnswerEvent): void {
    switch (event.type) {
      case 'text':
        this.reading.stop();
        return this.answer(this.markdown.add(event.text));
      case 'thinking':
        return this.tellPhase('thinking');
      case 'phase':
        return this.tellPhase(event.phase, event.expectedMs);
      case 'retry':
        return this.stream.progress(retryLine(event));
      case 'restart':
        this.endAnswer();
        this.write('\n\n');
        this.markdown = new InertMarkdown();
        this.block = new OpenBlock();
        this.say(vscode.l10n.t('What is above was thinking; the answer follows.'));
        return this.write('---\n\n');
      case 'toolCall':
        return;
    }
  }

  end(_job: Job, _outcome: Outcome): void {
    this.reading.stop();
    this.endAnswer();
  }

  /** Shows why there is no answer, or why it ends here, with buttons. */
  fail(error: unknown, remedies: readonly MessageAction[], buttons: AnswerButtons): void {
    const isPartial = error instanceof OllamaError && error.partialText !== '';
    const sentence = localizeError(error);
    this.warn(isPartial ? vscode.l10n.t('The answer is not complete: {0}', sentence) : sentence);
    buttons.show(this.stream, [...remedies, ...actionsForError(error)]);
  }

  /** A warning after the answer. */
  warn(sentence: string): void {
    this.write(`\n\n⚠ ${escapeMarkdown(sentence)}\n\n`);
  }

  /** Shows one of our own sentences as a paragraph. */
  private say(sentence: string): void {
    this.write(`*${escapeMarkdown(sentence)}*\n\n`);
  }

  private answer(text: string): void {
    this.block.add(text);
    this.write(text);
  }

  /** Without closing an open block of code, a warning below the answer would look like code. */
  private endAnswer(): void {
    this.answer(this.markdown.end());
    this.write(this.block.end());
  }

  private write(text: string): void {
    if (text !== '') this.stream.markdown(text);
  }

  private tellPhase(phase: Phase, expectedMs?: number): void {
    if (phase === this.shownPhase) return;
    this.shownPhase = phase;
    this.reading.stop();
    const text = phaseText(phase, expectedMs);
    if (text) this.stream.progress(text);
    if (phase === 'reading' && this.expectedMs !== undefined)
      this.reading.start(this.expectedMs, (percent) =>
        this.stream.progress(vscode.l10n.t('Reading: about {0} %', percent)),
      );
  }
}

function whoAnswers(model: string): string {
  return vscode.l10n.t('CodeWorm answers with its own model, {0}, whatever model is chosen below.', model);
}

function phaseText(phase: Phase, expectedMs: number | undefined): string | undefined {
  switch (phase) {
    case 'connecting':
    case 'writing':
      return undefined;
    case 'queued':
      return vscode.l10n.t('Waiting for another answer…');
    case 'loading':
      return expectedMs === undefined
        ? vscode.l10n.t('Loading the model…')
        : vscode.l10n.t('Loading the model, about {0}…', timeText(expectedMs / 1000));
    case 'reading':
      return vscode.l10n.t('Reading…');
    case 'thinking':
      return vscode.l10n.t('Thinking…');
  }
}
