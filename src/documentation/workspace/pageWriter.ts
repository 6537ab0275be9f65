import { PageText } from '../../answers/pageFormatter.ts';
import { pageClosing } from '../../answers/pageHeader.ts';
import { AnswerReader } from '../../generation/answerReader.ts';
import { emptyAnswerError } from '../../generation/emptyAnswer.ts';
import type { Permit, Room } from '../../generation/priorities.ts';
import {
  localizable,
  type GenerationResult,
  type LocalizableMessage,
  type StreamEvent,
} from '../../ollama/index.ts';
import { codeSpan, escapeMarkdown } from '../../text/markdown.ts';
import { Draft } from './draft.ts';
import { isWholeAt } from './seam.ts';
import type { Gate } from './gate.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PageModel, PagePrompt } from './pageModel.ts';

/** The problems of a page's text; all of them empty or false when it passes. */
export interface PageQuality {
  missingHeadings: readonly string[];
  /** Names that do not occur in the source. */
  unknownNames: readonly string[];
  empty: boolean;
  repeated: boolean;
}

/** What a writer works with. */
export interface WriterDependencies {
  model: PageModel;
  /** Decides the order of requests to the server. */
  priorities: { enter(level: 'page', signal: AbortSignal, room?: Room): Promise<Permit> };
  /** Whether pages may be written beside something more important. By default they end for it. */
  room?: Room;
  /** Localizes sentences for the page. */
  say: (message: LocalizableMessage) => string;
  /** The author for the closing line. */
  program: () => string;
  /** Checks the text of a page of a kind; `shown` is everything that the model was shown. */
  check: (text: string, kind: string, shown: string) => PageQuality;
}

/** Called by a writer while it works. */
export interface WriterEvents {
  /** The first text of a page arrives. */
  began(): void;
  /** No more text of it will arrive. */
  ended(): void;
  /** A number of characters has arrived. */
  wrote(chars: number): void;
  /** Something more important runs first, or the run is paused. */
  interrupted(): void;
  /** The server is busy; the client retries by itself. */
  busy(): void;
}

/** A page that is complete. */
export interface FinishedPage {
  /** Without the mark. */
  body: string;
  model: string;
  hasPassed: boolean;
}

interface Answer {
  asked: PagePrompt;
  model: string;
  text: string;
  result: GenerationResult;
}

/**
 * Temperature of the second attempt: lower than usual values, so that the text differs from the first one.
 */
const coldTemperature = 0.05;

/** Writes pages, each when nothing more important needs the server. */
export class PageWriter {
  private readonly dependencies: WriterDependencies;
  private readonly gate: Gate;
  private readonly events: WriterEvents;

  /** @param gate closed while the run is paused */
  constructor(dependencies: WriterDependencies, gate: Gate, events: WriterEvents) {
    this.dependencies = dependencies;
    this.gate = gate;
    this.events = events;
  }

  /**
   * The page, after a second attempt if the first one has not passed.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async write(material: PageMaterial, kind: string, signal: AbortSignal): Promise<FinishedPage> {
    const { check } = this.dependencies;
    const first = await this.ask(material, undefined, signal);
    const quality = check(first.text, kind, first.asked.prompt);
    if (faultsOf(quality) === 0) return this.pageOf(material, first, quality);
    const second = await this.ask(material, coldTemperature, signal);
    const again = check(second.text, kind, second.asked.prompt);
    return faultsOf(again) <= faultsOf(quality)
      ? this.pageOf(material, second, again)
      : this.pageOf(material, first, quality);
  }

  /**
   * Continues after each interruption: with the partial text if the model continues it exactly, else from the
   * beginning. The prompt stays the same, because the server may still have it in its cache.
   */
  private async ask(
    material: PageMaterial,
    temperature: number | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    const draft = new Draft(material);
    for (;;) {
      await this.gate.opened(signal);
      const either = AbortSignal.any([signal, this.gate.signal]);
      const permit = await this.enter(either, signal);
      if (!permit) continue;
      try {
        return await this.attempt(draft, temperature, permit.signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!permit.signal.aborted) throw error;
        this.events.interrupted();
      } finally {
        permit.end();
      }
    }
  }

  /** `undefined` when the run was paused meanwhile. */
  private async enter(either: AbortSignal, signal: AbortSignal): Promise<Permit | undefined> {
    const { priorities, room } = this.dependencies;
    try {
      return await priorities.enter('page', either, room);
    } catch (error) {
      signal.throwIfAborted();
      if (either.aborted) return undefined;
      throw error;
    }
  }

  private async attempt(draft: Draft, temperature: number | undefined, signal: AbortSignal): Promise<Answer> {
    const { model } = this.dependencies;
    const { asked, budget } = draft.promptFor(await model.budget(signal));
    const { system, prompt } = asked;
    const colder = temperature === undefined ? {} : { temperature };
    const request = { system, prompt, ...colder, signal };
    const rest = draft.rest(request);
    const goesOn = rest !== undefined && (await model.continues(rest));
    if (!goesOn) draft.startAnew();
    const collected = new Collector(draft, this.events);
    const result = await collected.drain((onEvent) => model.write(goesOn ? rest : request, onEvent));
    if (goesOn && !isWholeAt(rest.written ?? '', draft.text)) {
      draft.startAnew();
      return this.attempt(draft, temperature, signal);
    }
    const { text } = draft;
    const error = emptyAnswerError({ ...result, text });
    if (error) throw error;
    return { asked, model: budget.model, ...new AnswerReader(asked).answerIn(text), result };
  }

  private pageOf(material: PageMaterial, answer: Answer, quality: PageQuality): FinishedPage {
    const { say, program } = this.dependencies;
    const text = new PageText(material.headings);
    const { note } = answer.asked;
    const cut = cutSentence(answer.result);
    const body = [
      material.header,
      note ? `*${escapeMarkdown(note)}*\n\n` : '',
      text.add(answer.text) + text.end(true),
      cut ? `\n> **${escapeMarkdown(say(cut))}**\n` : '',
      pageClosing({ program: program(), date: new Date() }),
      unknownNamesLine(quality, say),
    ].join('');
    return { body, model: answer.model, hasPassed: faultsOf(quality) === 0 && !cut };
  }
}

/** Tells about the text of a page while it arrives. */
class Collector {
  private readonly draft: Draft;
  private readonly events: WriterEvents;
  private hasBegun = false;

  constructor(draft: Draft, events: WriterEvents) {
    this.draft = draft;
    this.events = events;
  }

  async drain<T>(write: (onEvent: (event: StreamEvent) => void) => Promise<T>): Promise<T> {
    try {
      return await write((event) => this.take(event));
    } finally {
      if (this.hasBegun) this.events.ended();
    }
  }

  private take(event: StreamEvent): void {
    if (event.type === 'retry' && event.error.kind === 'busy') this.events.busy();
    if (event.type !== 'text' && event.type !== 'thinking') return;
    if (!this.hasBegun) this.events.began();
    this.hasBegun = true;
    this.events.wrote(event.text.length);
    if (event.type === 'thinking') this.draft.noteThinking();
    else this.draft.text += event.text;
  }
}

function faultsOf({ missingHeadings, unknownNames, empty, repeated }: PageQuality): number {
  return missingHeadings.length + unknownNames.length + (empty ? 100 : 0) + (repeated ? 100 : 0);
}

function cutSentence({ doneReason, windowFull }: GenerationResult): LocalizableMessage | undefined {
  if (windowFull)
    return localizable(
      'The text was cut because the context window was full: raise the setting codeworm.numCtx to get longer pages.',
    );
  return doneReason === 'length'
    ? localizable(
        'The text was cut at the token limit: raise the setting codeworm.numPredict to get longer pages.',
      )
    : undefined;
}

function unknownNamesLine({ unknownNames }: PageQuality, say: WriterDependencies['say']): string {
  if (unknownNames.length === 0) return '';
  const sentence = say(localizable('Names on this page that the source does not have:'));
  return `\n*${escapeMarkdown(sentence)}* ${unknownNames.map((name) => codeSpan(name)).join(', ')}\n`;
}
