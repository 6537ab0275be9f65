import * as vscode from 'vscode';
import { PageDocument } from './pageDocument.ts';
import type { UnfinishedPages } from './unfinishedPages.ts';
import type { PageLocation } from './pageLocation.ts';
import { showErrorWithActions } from '../ui/errorActions.ts';
import type { AnswerEvent } from '../generation/answerReader.ts';
import type { GenerationSink, Job, Outcome, Run } from '../generation/queue.ts';
import type { GenerationResult } from '../ollama/index.ts';
import { escapeMarkdown } from '../text/markdown.ts';
import { pageClosing } from '../answers/pageHeader.ts';
import { PageText } from '../answers/pageFormatter.ts';
import { charactersMessage } from '../ui/characterMessages.ts';
import { localizeError } from '../ui/localize.ts';

/** The parts of a page that are not from the model. */
export interface PageFields {
  /** The title fields and the source. */
  header: string;
  headings: readonly string[];
  /** Chooses the file, when the page is opened. */
  locate: () => Promise<PageLocation | undefined>;
  /** Records pages while they are written. */
  unfinished: UnfinishedPages;
  /** The program and model for the closing line. */
  program: () => string;
  /** Called when the user closes the page while it is being written. */
  onClosed: () => void;
  /** Called when VS Code refuses the rest of the page, for example because the document is now read-only. */
  onRefused: () => void;
}

/** Writes an answer as a page beside the code: header, formatted text, error, closing line. */
export class PageSink implements GenerationSink {
  private readonly parts: PageFields;
  private readonly text: PageText;
  private page: Promise<PageDocument | undefined> | undefined;
  private all = '';
  private hasText = false;
  private written: Promise<void> = Promise.resolve();

  constructor(parts: PageFields) {
    this.parts = parts;
    this.text = new PageText(parts.headings);
  }

  /** The page so far, independent of the document. */
  get content(): string {
    return this.all;
  }

  begin({ note }: Run): void {
    this.all = `${this.parts.header}${note ? `*${escapeMarkdown(note)}*\n\n` : ''}`;
  }

  onEvent(event: AnswerEvent): void {
    if (isSignOfLife(event)) this.show();
    switch (event.type) {
      case 'text':
        this.hasText = true;
        return this.append(this.text.add(event.text));
      case 'restart':
        return this.text.restart();
      case 'thinking':
      case 'toolCall':
      case 'phase':
      case 'retry':
        return;
    }
  }

  end(_job: Job, outcome: Outcome): void {
    if (!this.page) return;
    const rest = this.text.end(outcome.kind === 'finished' && this.hasText);
    const characters = charactersMessage({ removed: outcome.dropped, replaced: 0 });
    const all = [...remarksOn(outcome), ...(characters ? [characters] : [])];
    const remarks = all.map((remark) => `\n> **${escapeMarkdown(remark)}**\n`);
    this.append(
      `${rest}${remarks.join('')}${pageClosing({ program: this.parts.program(), date: new Date() })}`,
    );
    this.written = this.page.then(async (page) => {
      if (page && !(await page.finish())) this.parts.onRefused();
      page?.dispose();
    });
  }

  /** Resolves when the whole page is in the document. */
  async settled(): Promise<void> {
    await this.written;
  }

  /** If the page cannot be opened, its text is still available as the last answer. */
  private show(): void {
    if (this.page) return;
    this.page = this.open().catch((error: unknown): undefined => {
      showErrorWithActions(error);
    });
    const { all } = this;
    void this.page.then((page) => page?.append(all));
  }

  private async open(): Promise<PageDocument> {
    const page = await PageDocument.open(this.parts.locate, this.parts.unfinished);
    page.onDidClose(this.parts.onClosed);
    return page;
  }

  private append(text: string): void {
    if (!text) return;
    this.all += text;
    void this.page?.then((page) => page?.append(text));
  }
}

/** Whether an event shows that the server works. Before that, no page is opened. */
function isSignOfLife(event: AnswerEvent): boolean {
  switch (event.type) {
    case 'phase':
      return event.phase !== 'connecting' && event.phase !== 'queued';
    case 'retry':
    case 'restart':
      return false;
    case 'text':
    case 'thinking':
    case 'toolCall':
      return true;
  }
}

/** Remarks for the reader about how the page was written. */
function remarksOn(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case 'cancelled':
      return [vscode.l10n.t('This page is not complete: it was cancelled.')];
    case 'failed':
      return [vscode.l10n.t('This page is not complete: {0}', localizeError(outcome.error))];
    case 'finished':
      return limitRemarks(outcome.result);
  }
}

function limitRemarks({ doneReason, windowFull }: GenerationResult): string[] {
  if (windowFull)
    return [
      vscode.l10n.t(
        'The text was cut because the context window was full: raise the setting codeworm.numCtx to get longer pages.',
      ),
    ];
  return doneReason === 'length'
    ? [
        vscode.l10n.t(
          'The text was cut at the token limit: raise the setting codeworm.numPredict to get longer pages.',
        ),
      ]
    : [];
}
