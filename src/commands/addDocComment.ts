import * as vscode from 'vscode';
import { anchorOf, findAgain, type LineAnchor } from '../code/lineAnchor.ts';
import type { CommentPosition, NoCommentPosition } from '../code/commentPosition.ts';
import { commentPosition } from '../code/docCommentPosition.ts';
import { declarationAt, type Declaration } from '../code/declarationAt.ts';
import { documentPath } from '../editor/documentPath.ts';
import { applied, type TextChange } from '../code/reanchor.ts';
import { isSameCode } from '../code/sameCode.ts';
import { changeWithoutLoss } from '../editor/encoding.ts';
import { notifyCharacters } from '../ui/characterMessages.ts';
import { cleanCharacters } from '../text/invisibleChars.ts';
import { schemes } from '../contributions.ts';
import { rangeOf } from '../editor/proposal.ts';
import { outlineOf } from '../editor/subject.ts';
import { showInfo, type MessageAction } from '../ui/notifications.ts';
import type { GenerationResult } from '../ollama/index.ts';
import type { Services } from '../services.ts';
import { renderDocComment } from '../answers/renderDocComment.ts';
import { docTextOf } from '../answers/docCommentAnswer.ts';
import { docStyleOf } from '../code/docCommentStyles.ts';
import { languageName } from '../text/languageNames.ts';
import type { Subject } from '../code/subject.ts';
import { jobFor, runJob } from '../generation/questions.ts';
import { answerIn, changedMeanwhileMessage, refuse, actionsForRejectedAnswer } from '../editor/edits.ts';
import { requireEditor } from '../editor/requireEditor.ts';

/** The declaration to document, and what finds it again after the model has answered. */
interface Target {
  document: vscode.TextDocument;
  subject: Subject;
  anchor: LineAnchor;
  /** Column of the declaration's name in its line. */
  character: number;
  tabSize: number;
  /** One step of indentation. */
  unit: string;
}

/** Columns, where no setting gives a line width. */
const defaultWidth = 100;

/**
 * Asks the model for the doc comment of the declaration at the cursor and inserts it. An existing comment is
 * replaced only after the user has accepted the diff.
 */
export async function addDocComment(services: Services): Promise<void> {
  const editor = await requireEditor(
    vscode.l10n.t('Open a file first: CodeWorm answers about the code at the cursor.'),
  );
  if (!editor) return;
  const target = await targetAt(editor);
  if (!target) return;
  const title = vscode.l10n.t('Doc Comment');
  const { subject } = target;
  const sink = services.outputChannel.quiet;
  const job = jobFor({ task: 'edits', action: 'addDocComment', title, subject, sink });
  const outcome = await runJob(services, job, (variation) => addDocComment({ ...services, variation }));
  if (outcome.kind === 'finished') await writeComment(services, target, outcome.result);
}

/** The declaration at the cursor. Shows a message when there is none, or when it cannot have a comment. */
async function targetAt(editor: vscode.TextEditor): Promise<Target | undefined> {
  const { document, selection, options } = editor;
  const { languageId } = document;
  if (!docStyleOf(languageId))
    return say(
      vscode.l10n.t('CodeWorm does not know how doc comments are written in {0}.', languageName(languageId)),
    );
  const { scheme } = document.uri;
  if (vscode.workspace.fs.isWritableFileSystem(scheme) === false || scheme === schemes.proposal)
    return say(vscode.l10n.t('{0} is read-only: a comment cannot be added.', documentPath(document)));
  const outline = await outlineOf(document);
  const declaration = declarationAt(
    outline,
    document.getText(),
    languageId,
    positionFor(document, selection),
  );
  if (!declaration)
    return say(
      vscode.l10n.t(
        'There is nothing here to write a doc comment for: put the cursor into a function, a class or another declaration.',
      ),
    );
  const tabSize = typeof options.tabSize === 'number' ? options.tabSize : 4;
  const target: Target = {
    document,
    subject: subjectOf(document, declaration),
    anchor: anchorOf(linesOf(document), declaration.nameAt.line),
    character: declaration.nameAt.character,
    tabSize,
    unit: options.insertSpaces === false ? '\t' : ' '.repeat(tabSize),
  };
  return typeof positionIn(target) === 'object' ? target : say(noPositionMessage(positionIn(target), target));
}

/** The start of the selection, moved to the nearest text on its line. */
function positionFor(document: vscode.TextDocument, selection: vscode.Selection): vscode.Position {
  const { start } = selection;
  const { text, firstNonWhitespaceCharacterIndex: first } = document.lineAt(start);
  return start.with({ character: Math.max(first, Math.min(start.character, text.trimEnd().length)) });
}

function subjectOf(document: vscode.TextDocument, { name, kind, start, end }: Declaration): Subject {
  const whole = new vscode.Range(start.line, 0, end.line, end.character);
  const range = document.validateRange(
    start.line === end.line ? whole : whole.with({ end: document.lineAt(end.line).range.end }),
  );
  return {
    kind: 'symbol',
    name,
    symbolKind: kind.toLowerCase(),
    path: documentPath(document),
    languageId: document.languageId,
    firstLine: range.start.line + 1,
    lastLine: range.end.line + 1,
    code: document.getText(range),
    fileText: document.getText(),
  };
}

function linesOf(document: vscode.TextDocument): string[] {
  return document.getText().split(/\r\n|\n|\r/);
}

type NotPlaced = NoCommentPosition | 'closed' | 'changed' | undefined;

/** Where the comment goes in the document's current text. */
function positionIn({ document, anchor, character, unit }: Target): CommentPosition | NotPlaced {
  if (document.isClosed) return 'closed';
  const line = findAgain(linesOf(document), anchor);
  if (line === undefined) return 'changed';
  return commentPosition(document.getText(), document.languageId, { line, character }, unit);
}

function noPositionMessage(why: CommentPosition | NotPlaced, { subject: { name, path } }: Target): string {
  switch (why) {
    case 'closed':
      return vscode.l10n.t('{0} was closed while the model wrote: the comment was not added.', path);
    case 'changed':
      return vscode.l10n.t(
        'The declaration of {0} was changed while the model wrote: the comment was not added.',
        name,
      );
    case 'inLine':
      return vscode.l10n.t(
        'The declaration of {0} does not begin its line: there is no place above it for a comment.',
        name,
      );
    default:
      return vscode.l10n.t('There is no place for a comment at {0}.', name);
  }
}

function cutMessage({ windowFull }: GenerationResult): string {
  return windowFull
    ? vscode.l10n.t('The context window was full before the comment was complete: nothing is added.')
    : vscode.l10n.t(
        'The answer was cut at the token limit, so the comment is not complete: nothing is added.',
      );
}

/** Inserts the answer, or proposes it in a diff. An answer that cannot be used is only shown. */
async function writeComment(services: Services, target: Target, result: GenerationResult): Promise<void> {
  const { document, subject } = target;
  if (answerIn(result).isCut)
    return refuse(services, cutMessage(result), actionsForRejectedAnswer('cut', result));
  const position = positionIn(target);
  if (typeof position !== 'object') return refuse(services, noPositionMessage(position, target));
  const { text: visible, ...characters } = cleanCharacters(result.text, subject.fileText);
  const text = docTextOf(visible, position.style, subject.code);
  const lines = text === undefined ? [] : renderDocComment(text, position.style, layoutOf(target, position));
  if (lines.length === 0)
    return refuse(services, vscode.l10n.t('The answer has no comment that could be used: nothing is added.'));
  const change = changeOf(document, position, lines);
  const now = document.getText();
  if (!isSameCode(now, applied(now, [change]), document.languageId))
    return refuse(
      services,
      vscode.l10n.t('The comment would change the code: nothing is added, and the text is in the output.'),
    );
  notifyCharacters(characters);
  if (position.replaces) return propose(services, target, change);
  await changeWithoutLoss(document, change.text, {
    title: vscode.l10n.t('Insert Anyway'),
    run: () => insertComment(services, target, lines),
  });
}

async function insertComment(services: Services, target: Target, lines: string[]): Promise<void> {
  const { document, subject } = target;
  // The document may have changed while the user was asked.
  const position = positionIn(target);
  if (typeof position !== 'object') return refuse(services, noPositionMessage(position, target));
  if (!(await makeEdit(document, changeOf(document, position, lines))))
    refuse(services, vscode.l10n.t('{0} is read-only: a comment cannot be added.', subject.path));
}

async function propose(services: Services, { document, subject }: Target, change: TextChange): Promise<void> {
  const title = vscode.l10n.t('Doc Comment');
  const request = { document, original: document.getText(), changes: [change], title };
  if (!(await services.proposals.propose(request))) refuse(services, changedMeanwhileMessage(subject.path));
}

/** Applies the change as one undo step. Returns false when the document cannot be changed. */
async function makeEdit(document: vscode.TextDocument, change: TextChange): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, change), change.text);
  return vscode.workspace.applyEdit(edit);
}

function changeOf(document: vscode.TextDocument, position: CommentPosition, lines: string[]): TextChange {
  const { start, end, before, after } = position;
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  return {
    start: document.offsetAt(new vscode.Position(start.line, start.character)),
    end: document.offsetAt(new vscode.Position(end.line, end.character)),
    text: `${before}${lines.join('\n')}${after}`.replaceAll('\n', eol),
  };
}

function layoutOf(
  { document, tabSize }: Target,
  { indent }: CommentPosition,
): Parameters<typeof renderDocComment>[2] {
  return { indent, tabSize, width: widthFor(document) };
}

/** The first ruler, else the editor's wrap column, else 100. */
function widthFor(document: vscode.TextDocument): number {
  const editor = vscode.workspace.getConfiguration('editor', document);
  const [ruler] = editor.get<(number | { column: number })[]>('rulers') ?? [];
  const column = typeof ruler === 'object' ? ruler.column : ruler;
  const wrapsAt = /^(?:wordWrapColumn|bounded)$/.test(editor.get('wordWrap') ?? '')
    ? editor.get<number>('wordWrapColumn')
    : undefined;
  return [column, wrapsAt].find((width) => typeof width === 'number' && width > 0) ?? defaultWidth;
}

function say(message: string, actions: readonly MessageAction[] = []): undefined {
  showInfo(message, actions);
}
