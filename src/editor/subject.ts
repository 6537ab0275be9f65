import * as vscode from 'vscode';
import type { Subject } from '../code/subject.ts';
import { documentPath } from './documentPath.ts';
import { callables, symbolAt } from '../code/outline.ts';
import { languageOfPath } from '../code/fileLanguages.ts';
import { ownOutline } from '../code/ownOutline.ts';
import type { OutlineSymbol, SymbolRange } from '../code/outline.ts';

/**
 * Milliseconds. A language server that is still starting may take minutes for its first outline; our own is
 * used meanwhile.
 */
const outlineTimeoutMs = 2_000;

type Outline = (vscode.DocumentSymbol | vscode.SymbolInformation)[];

/** A subject and its position in its document, both at the same moment. */
export interface LocatedSubject {
  document: vscode.TextDocument;
  subject: Subject;
  /** Offsets of `subject.code` in `subject.fileText`. */
  start: number;
  end: number;
  /** The text before it on its first line. */
  before: string;
  /** The cursor's offset in `subject.fileText`. */
  cursor: number;
}

const allKinds: readonly Subject['kind'][] = ['selection', 'symbol', 'file'];

/**
 * What a command is about: the selection if it is more than white space, else the innermost symbol at the
 * cursor, else the whole file. Undefined when none of the given kinds is there. Reads selection and cursor at
 * the moment of the call. Never rejects.
 */
export async function locateSubject(
  editor: vscode.TextEditor,
  kinds: readonly Subject['kind'][] = allKinds,
): Promise<LocatedSubject | undefined> {
  const { document, selection } = editor;
  if (kinds.includes('selection') && document.getText(selection).trim() !== '')
    return located(document, selection, { kind: 'selection' }, selection.end);
  const symbol = kinds.includes('symbol') ? await locateSymbol(document, selection.active) : undefined;
  return symbol ?? (kinds.includes('file') ? locatedFile(editor) : undefined);
}

/** The innermost symbol at a position; undefined when there is none. */
export async function locateSymbol(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<LocatedSubject | undefined> {
  const symbol = symbolAt(
    await anyOutlineOf(document),
    positionOnText(document, document.validatePosition(position)),
  );
  return symbol && locatedSymbol(document, symbol, position);
}

/** The subject as if the range were selected. */
export function locateRange(document: vscode.TextDocument, range: vscode.Range): LocatedSubject {
  return located(document, range, { kind: 'selection' }, range.end);
}

/** The whole document as the subject. */
export function locateFile(document: vscode.TextDocument): LocatedSubject {
  return located(document, wholeRange(document), { kind: 'file' }, new vscode.Position(0, 0));
}

function locatedFile({ document, selection }: vscode.TextEditor): LocatedSubject {
  return located(document, wholeRange(document), { kind: 'file' }, selection.active);
}

/** Adds the white space before the first word, because it shows the indentation. */
export function withIndentation(place: LocatedSubject): LocatedSubject {
  const { subject, start, before } = place;
  if (before === '' || before.trim() !== '') return place;
  return {
    ...place,
    subject: { ...subject, code: before + subject.code },
    start: start - before.length,
    before: '',
  };
}

/** Everything a command may be about at one position. Only what exists is set. */
export interface Subjects {
  /** The subject as chosen by `locateSubject`. */
  nearest: Subject;
  function?: Subject;
  class?: Subject;
  module?: Subject;
  file: Subject;
}

/**
 * Everything around the cursor that a command may be about. A selection also counts as a function and as a
 * class, because an outline may be incomplete. Never rejects.
 * @param patienceMs milliseconds to wait for a language server that is still starting
 */
export async function subjectsAt(
  editor: vscode.TextEditor,
  patienceMs = outlineTimeoutMs,
): Promise<Subjects> {
  const { document, selection } = editor;
  const file = locatedFile(editor).subject;
  if (document.getText(selection).trim() !== '') {
    const selected = locateRange(document, selection).subject;
    return { nearest: selected, function: selected, class: selected, file };
  }
  const cursor = positionOnText(document, selection.active);
  const outline = await anyOutlineOf(document, patienceMs);
  const innermost = (kinds?: ReadonlySet<string>): Subject | undefined => {
    const found = symbolAt(kinds ? outline.filter(({ kind }) => kinds.has(kind)) : outline, cursor);
    return found && locatedSymbol(document, found, selection.active).subject;
  };
  const [callable, type, module] = [callables, types, modules].map(innermost);
  return {
    nearest: innermost() ?? file,
    ...(callable && { function: callable }),
    ...(type && { class: type }),
    ...(module && { module }),
    file,
  };
}

const types = new Set(['Class', 'Interface', 'Struct', 'Enum']);
const modules = new Set(['Module', 'Namespace', 'Package']);

function locatedSymbol(
  document: vscode.TextDocument,
  symbol: OutlineSymbol,
  position: vscode.Position,
): LocatedSubject {
  const { name, kind } = symbol;
  const named = { kind: 'symbol', name, symbolKind: kind.toLowerCase() } as const;
  return located(document, symbolRange(document, symbol), named, position);
}

function located(
  document: vscode.TextDocument,
  range: vscode.Range,
  named: Pick<Subject, 'kind' | 'symbolKind'> & { name?: string },
  cursor: vscode.Position,
): LocatedSubject {
  const path = documentPath(document);
  const subject = {
    name: path.slice(path.lastIndexOf('/') + 1),
    ...named,
    path,
    languageId: document.languageId,
    firstLine: range.start.line + 1,
    lastLine: lastLineOf(range) + 1,
    code: document.getText(range),
    fileText: document.getText(),
  };
  return {
    document,
    subject,
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
    before: document.lineAt(range.start).text.slice(0, range.start.character),
    cursor: document.offsetAt(cursor),
  };
}

/** A range that ends at the start of a line does not include that line. */
function lastLineOf({ start, end }: vscode.Range): number {
  return end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
}

function wholeRange(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
}

/**
 * Whole lines for a symbol of several lines. A symbol that shares its line with others is used without the
 * rest of the line.
 */
function symbolRange(document: vscode.TextDocument, { start, end }: OutlineSymbol): vscode.Range {
  const range = document.validateRange(
    new vscode.Range(start.line, start.character, end.line, end.character),
  );
  return range.isSingleLine
    ? range
    : new vscode.Range(range.start.with({ character: 0 }), document.lineAt(lastLineOf(range)).range.end);
}

/** Moves a cursor in the indentation or after the text to the text of its line. */
function positionOnText(document: vscode.TextDocument, cursor: vscode.Position): SymbolRange {
  const { text, firstNonWhitespaceCharacterIndex: first } = document.lineAt(cursor);
  return { line: cursor.line, character: Math.max(first, Math.min(cursor.character, text.trimEnd().length)) };
}

/** The outline of a language extension; our own when there is none. */
async function anyOutlineOf(document: vscode.TextDocument, patienceMs?: number): Promise<OutlineSymbol[]> {
  const outline = await outlineOf(document, patienceMs);
  if (outline.length > 0) return outline;
  const { languageId, fileName } = document;
  // VS Code opens a file as plain text if no extension brings its language.
  const language = languageId === 'plaintext' ? languageOfPath(fileName) : languageId;
  return language === undefined ? [] : ownOutline(document.getText(), language);
}

/** The document symbols. Empty when there is no provider, or when it fails or takes too long. */
export async function outlineOf(
  document: vscode.TextDocument,
  patienceMs = outlineTimeoutMs,
): Promise<OutlineSymbol[]> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  try {
    const answer = vscode.commands.executeCommand<Outline | undefined>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    return ((await Promise.race([answer, timeout])) ?? []).flatMap(flatten);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

/** Providers return a tree (DocumentSymbol) or a flat list (SymbolInformation). */
function flatten(symbol: Outline[number]): OutlineSymbol[] {
  const range = 'location' in symbol ? symbol.location.range : symbol.range;
  const children = 'children' in symbol ? symbol.children : [];
  const kind = vscode.SymbolKind[symbol.kind];
  const nameAt = 'selectionRange' in symbol ? { nameAt: symbol.selectionRange.start } : {};
  const { start, end } = range;
  return [{ name: symbol.name, kind, start, end, ...nameAt }, ...children.flatMap(flatten)];
}
