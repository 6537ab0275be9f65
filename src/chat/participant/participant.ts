import * as vscode from 'vscode';
import { canPropose, proposeAnswer } from '../../editor/edits.ts';
import type { LocatedSubject } from '../../editor/subject.ts';
import { runJob } from '../../generation/questions.ts';
import { resultWarnings } from '../../generation/outputChannel.ts';
import type { Outcome } from '../../generation/queue.ts';
import type { SavedAnswer } from '../../generation/lastAnswer.ts';
import type { Variation } from '../../generation/variation.ts';
import type { ChatPrompt, ChatTurn } from '../../prompts/chatPrompt.ts';
import type { Services } from '../../services.ts';
import { command, openFile } from '../../ui/errorActions.ts';
import { listText } from '../../ui/format.ts';
import { AnswerButtons } from './buttons.ts';
import { actionOf } from './chatCommands.ts';
import { hasAnswered, metadataOf, turnsIn, type AnswerMetadata } from './conversation.ts';
import { followUpsFor, isFollowUp } from './followUps.ts';
import { jobFor, titleOf, type ChatQuestion } from './job.ts';
import { Places } from './places.ts';
import { ResponseSink } from './responseSink.ts';
import { askedAbout, type AskedCode } from './subjects.ts';

/**
 * `@codeworm` in VS Code's chat: the user's own model with our prompts, about attached code or the code at
 * the cursor.
 */
export class ChatParticipant {
  readonly buttons = new AnswerButtons();
  private readonly services: Services;
  private readonly places = new Places();
  /** Used once, for the question that a button repeats with a variation. */
  private variation: Variation | undefined;

  constructor(services: Services) {
    this.services = services;
  }

  /** Answers a question. An error becomes a message in the chat. */
  async ask(
    request: vscode.ChatRequest,
    { history }: vscode.ChatContext,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const { lastAnswer } = this.services;
    const isFirst = !hasAnswered(history);
    const continued = isFirst ? lastAnswer.continuedInChat : undefined;
    const seed = continued ? turnsOf(continued) : [];
    const turns = [...seed, ...turnsIn(history)];
    const action = actionOf(request.command);
    const question = request.prompt.trim();
    const { codes, unreadable } = isFollowUp(question)
      ? { codes: [], unreadable: [] }
      : await askedAbout(request.references, action, turns);
    if (action === 'ask' && question === '') return this.help(stream);
    if (action !== 'ask' && codes.length === 0) return this.askForFile(stream);
    lastAnswer.endContinuation();
    for (const { place } of codes) if (place) stream.reference(referenceTo(place));
    const place = codes.length > 0 ? placeOf(codes) : this.places.last(history);
    const asked: ChatQuestion = { action, question, codes, turns };
    const outcome = await this.run(
      { asked, isFirst, notes: notesOf(continued, unreadable), place },
      request,
      stream,
      token,
    );
    const answered =
      outcome.asked && outcome.text.trim() !== ''
        ? [{ prompt: outcome.asked.prompt, answer: outcome.text }]
        : [];
    const metadata: AnswerMetadata = {
      action,
      turns: [...seed, ...answered],
      place: this.places.keep(place),
    };
    return { metadata };
  }

  /** Suggestions for the next question. */
  followUps(result: vscode.ChatResult): vscode.ChatFollowup[] {
    const metadata = metadataOf(result);
    return metadata && metadata.turns.length > 0 ? followUpsFor(metadata.action) : [];
  }

  private async run(
    question: OpenQuestion,
    request: vscode.ChatRequest,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<Outcome> {
    const { variation } = this;
    this.variation = undefined;
    const services: Services = variation ? { ...this.services, variation } : this.services;
    const { job, built } = jobFor(question.asked, services.configuration.current.answerLanguage);
    const sink = new ResponseSink(stream, {
      ...question,
      expectedReadingMs: (model) => services.speeds.readingMs(model, built()?.newTokens ?? 0),
    });
    const again = (varied: Variation): unknown => {
      this.variation = varied;
      return askInChat(request);
    };
    const outcome = await untilCancelled(token, (signal) =>
      runJob(services, { ...job, sink, signal }, again, (error, remedies = []) =>
        sink.fail(error, remedies, this.buttons),
      ),
    );
    if (outcome.kind === 'cancelled' && !outcome.asked && !token.isCancellationRequested)
      this.tellNotSent(sink);
    if (outcome.kind === 'finished') this.finish(sink, question, outcome, built());
    if (question.asked.action === 'explain') services.walkthroughProgress.explained(outcome);
    return outcome;
  }

  /** Adds the warnings and buttons of an answer. */
  private finish(
    sink: ResponseSink,
    { asked: { action }, place }: OpenQuestion,
    { result, text }: Outcome & { kind: 'finished' },
    built: ChatPrompt | undefined,
  ): void {
    for (const warning of resultWarnings(result)) sink.warn(warning);
    const answer = place && { title: titleOf(action), place, result };
    const sawAll = !built?.omissions.some(({ insideSubject }) => insideSubject);
    const proposal = answer && sawAll && !explaining.has(action) && canPropose(answer) ? answer : undefined;
    const propose = proposal && {
      title: vscode.l10n.t('Propose as Edit'),
      run: () => proposeAnswer(this.services, proposal),
    };
    const copy = { title: vscode.l10n.t('Copy Answer'), run: () => vscode.env.clipboard.writeText(text) };
    this.buttons.show(sink.stream, propose ? [propose, copy] : [copy]);
  }

  private tellNotSent(sink: ResponseSink): void {
    const { address } = this.services.clients.connection;
    if (this.services.trust.approvals.covers(this.services.clients.connection)) return;
    sink.warn(vscode.l10n.t('Nothing was sent: {0} is not approved.', address));
    this.buttons.show(sink.stream, [command(vscode.l10n.t('Approve Server'), 'codeworm.approveServer')]);
  }

  private help(stream: vscode.ChatResponseStream): vscode.ChatResult {
    stream.markdown(
      vscode.l10n.t(
        'Ask something about the code at the cursor, or about files and selections that you attach; or choose what to do with it: type / for a list.',
      ),
    );
    return {};
  }

  private askForFile(stream: vscode.ChatResponseStream): vscode.ChatResult {
    stream.markdown(
      vscode.l10n.t('Open a file first, or attach one: there is no code here yet to ask about.'),
    );
    this.buttons.show(stream, [openFile()]);
    return {};
  }
}

/** A question and everything that belongs to it. */
interface OpenQuestion {
  asked: ChatQuestion;
  isFirst: boolean;
  notes: readonly string[];
  /** The position of the code that an answer may replace. */
  place: LocatedSubject | undefined;
}

/** Converts VS Code's cancellation to a signal. */
async function untilCancelled<T>(
  token: vscode.CancellationToken,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => abort.abort());
  if (token.isCancellationRequested) abort.abort();
  try {
    return await work(abort.signal);
  } finally {
    subscription.dispose();
  }
}

/** Actions whose answers contain code that does not replace other code. */
const explaining: ReadonlySet<ChatQuestion['action']> = new Set(['explain', 'writeTests'] as const);

function turnsOf({ history, prompt, text }: SavedAnswer): ChatTurn[] {
  return [...history, { prompt, answer: text }];
}

function notesOf(continued: SavedAnswer | undefined, unreadable: readonly string[]): string[] {
  return [
    ...(continued ? [vscode.l10n.t('This continues {0} · {1}.', continued.title, continued.subject)] : []),
    ...(unreadable.length > 0
      ? [vscode.l10n.t('Left out, because it cannot be read as text: {0}.', listText(unreadable))]
      : []),
  ];
}

/** An edit needs a single position; several files have none. */
function placeOf([code, ...others]: readonly AskedCode[]): LocatedSubject | undefined {
  return others.length === 0 ? code?.place : undefined;
}

function referenceTo({ document, subject }: LocatedSubject): vscode.Uri | vscode.Location {
  const { kind, firstLine, lastLine } = subject;
  if (kind === 'file') return document.uri;
  return new vscode.Location(
    document.uri,
    document.validateRange(new vscode.Range(firstLine - 1, 0, lastLine - 1, Infinity)),
  );
}

/** Asks the same question again, as if the user had typed it. */
function askInChat({ command, prompt }: vscode.ChatRequest): Thenable<unknown> {
  const query = ['@codeworm', ...(command ? [`/${command}`] : []), prompt].join(' ');
  return vscode.commands.executeCommand('workbench.action.chat.open', { query });
}
