import * as vscode from 'vscode';
import { answerLanguageId } from '../contributions.ts';
import { numberText } from '../ui/format.ts';
import type { GenerationSink, JobInfo, Outcome, Run } from './queue.ts';
import type { AnswerEvent } from './answerReader.ts';
import type { GenerationResult, StreamEvent } from '../ollama/index.ts';
import { charactersMessage } from '../ui/characterMessages.ts';
import { OpenBlock } from '../text/fences.ts';
import { localizeError } from '../ui/localize.ts';

/** Milliseconds between two appends: one frame. More appends cost work that nobody can see. */
const frameMs = 16;

/** Streams answers as Markdown into the "CodeWorm" output channel. */
export class AnswerOutputChannel implements GenerationSink, vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('CodeWorm', answerLanguageId);
  private readonly isDemo: () => boolean;
  private readonly tellsLoading: () => boolean;
  private pending = '';
  private timer: NodeJS.Timeout | undefined;
  /** Time of the last append, by `performance.now()`. */
  private flushedAt = -frameMs;
  private thinking = false;
  private begun = false;
  /** The block of code in the answer that may still be open when it ends. */
  private block = new OpenBlock();
  /** The last two characters written. */
  private tail = '\n\n';

  /**
   * @param isDemo whether answers come from the built-in demo server; the heading says it
   * @param tellsLoading whether the server reports if a model had to be loaded
   */
  constructor(isDemo: () => boolean, tellsLoading: () => boolean) {
    this.isDemo = isDemo;
    this.tellsLoading = tellsLoading;
  }

  /** The same sink without opening the panel, for answers that are shown elsewhere. */
  readonly quiet: GenerationSink = {
    begin: (run) => this.head(run),
    onEvent: (event) => this.onEvent(event),
    end: (job, outcome) => this.end(job, outcome),
  };

  begin(run: Run): void {
    this.head(run);
    this.show();
  }

  onEvent(event: AnswerEvent): void {
    switch (event.type) {
      case 'thinking':
        return this.think(event.text);
      case 'text':
        return this.write(event.text);
      case 'retry':
        return this.append(`*${retryLine(event)}*\n\n`);
      case 'restart':
        this.thinking = false;
        this.closeBlock();
        return this.paragraph(
          `*${vscode.l10n.t('What is above was thinking; the answer follows.')}*\n\n---\n\n`,
        );
      case 'toolCall':
      case 'phase':
        return;
    }
  }

  end(job: JobInfo, outcome: Outcome): void {
    if (!this.begun) {
      if (outcome.kind === 'cancelled') return;
      this.append(`## ${job.title} · ${job.subject}\n\n`);
    }
    this.begun = false;
    this.closeBlock();
    const characters = charactersMessage({ removed: outcome.dropped, replaced: 0 });
    const lines = [outcomeLine(outcome, this.tellsLoading()), ...(characters ? [characters] : [])];
    this.paragraph(`*${lines.join('\n\n')}*\n\n---\n\n`);
    this.flush();
  }

  /** Shows the channel; the editor keeps the focus. */
  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.flush();
    this.channel.dispose();
  }

  private head({ job, model, note }: Run): void {
    this.begun = true;
    this.thinking = false;
    const where = this.isDemo() ? vscode.l10n.t('{0} (demo server, prepared answers)', model) : model;
    this.append(`## ${job.title} · ${job.subject} · ${where}\n\n${note ? `*${note}*\n\n` : ''}`);
  }

  private think(text: string): void {
    if (!this.thinking) this.append(`> *${vscode.l10n.t('Thinking')}*\n> `);
    this.thinking = true;
    this.append(text.replaceAll('\n', '\n> '));
  }

  private write(text: string): void {
    if (this.thinking) this.paragraph('');
    this.thinking = false;
    this.block.add(text);
    this.append(text);
  }

  /** Without this, everything after an answer that ends early would look like code. */
  private closeBlock(): void {
    this.append(this.block.end());
    this.block = new OpenBlock();
  }

  /** Starts a new paragraph, also when the last line has no line break yet. */
  private paragraph(text: string): void {
    const breaks = this.tail.endsWith('\n\n') ? '' : this.tail.endsWith('\n') ? '\n' : '\n\n';
    this.append(breaks + text);
  }

  private append(text: string): void {
    this.pending += text;
    this.tail = (this.tail + text).slice(-2);
    // After a pause, text is shown at once. Faster text waits for the next frame.
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.flushedAt + frameMs - performance.now()));
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushedAt = performance.now();
    if (this.pending) this.channel.append(this.pending);
    this.pending = '';
  }
}

/** Why an attempt failed, and what comes next. */
export function retryLine({ error, delayMs, numCtx }: StreamEvent & { type: 'retry' }): string {
  if (numCtx !== undefined)
    return vscode.l10n.t(
      'Not enough memory: trying again with a context window of {0} tokens.',
      numberText(numCtx),
    );
  return vscode.l10n.t('{0} Trying again in {1} s.', localizeError(error), seconds(delayMs));
}

function outcomeLine(outcome: Outcome, tellsLoading: boolean): string {
  switch (outcome.kind) {
    case 'finished':
      return resultLine(outcome.result, outcome.firstTokenMs, tellsLoading);
    case 'failed':
      return outcome.error.partialText
        ? vscode.l10n.t('The answer is not complete: {0}', localizeError(outcome.error))
        : vscode.l10n.t('No answer: {0}', localizeError(outcome.error));
    case 'cancelled':
      return vscode.l10n.t('Cancelled; what had arrived is above.');
  }
}

/** Milliseconds. A shorter load duration means that the model was loaded already. */
const leastLoadMs = 100;

function resultLine(
  result: GenerationResult,
  firstTokenMs: number | undefined,
  tellsLoading: boolean,
): string {
  const facts = [
    ...tokenFacts(result),
    ...(firstTokenMs === undefined ? [] : [vscode.l10n.t('first token after {0} s', seconds(firstTokenMs))]),
    ...loadFact(result, tellsLoading),
  ];
  return [facts.join(' · '), ...resultWarnings(result)].join('\n\n');
}

function loadFact({ loadDurationMs }: GenerationResult, tellsLoading: boolean): string[] {
  if (loadDurationMs >= leastLoadMs)
    return [vscode.l10n.t('the model had to be loaded ({0} s)', seconds(loadDurationMs))];
  return tellsLoading ? [vscode.l10n.t('the model was loaded')] : [];
}

/** The server's counts, as far as it reports them. */
function tokenFacts({
  totalTokens,
  promptTokens,
  completionTokens,
  cachedTokens = 0,
  tokensPerSecond,
}: GenerationResult): string[] {
  const isCounted = totalTokens !== undefined && promptTokens !== undefined && completionTokens !== undefined;
  return [
    isCounted
      ? vscode.l10n.t(
          '{0} tokens ({1} read, {2} written)',
          numberText(totalTokens),
          numberText(promptTokens),
          numberText(completionTokens),
        )
      : vscode.l10n.t('the server does not tell the number of tokens'),
    ...(cachedTokens > 0 ? [vscode.l10n.t('{0} of them from the cache', numberText(cachedTokens))] : []),
    ...(tokensPerSecond === undefined ? [] : [vscode.l10n.t('{0} tokens/s', numberText(tokensPerSecond))]),
  ];
}

/** Warnings about an answer that may mislead the user. */
export function resultWarnings({ doneReason, windowFull }: GenerationResult): string[] {
  if (windowFull)
    return [
      vscode.l10n.t(
        'The context window is full: raise the setting codeworm.numCtx to get longer answers, or ask about less code.',
      ),
    ];
  return doneReason === 'length'
    ? [vscode.l10n.t('Cut at the token limit: raise the setting codeworm.numPredict to get longer answers.')]
    : [];
}

function seconds(ms: number): string {
  return numberText(ms / 1000);
}
