import * as vscode from 'vscode';
import { documentPath } from '../editor/documentPath.ts';
import { boundedAround, linesAround, type Place } from './place.ts';

/** The selected entry of VS Code's completion list. The suggestion continues after it. */
type Selected = vscode.SelectedCompletionInfo | undefined;

/** Reads what a suggestion needs from a document; only a part of a long one. */
export function placeAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  { byHand = false, selected = undefined as Selected } = {},
): Place {
  const { first, last } = linesAround(position.line, document.lineCount);
  const [from, to] = selected ? [selected.range.start, selected.range.end] : [position, position];
  const end = document.lineAt(last - 1).rangeIncludingLineBreak.end;
  const before = document.getText(new vscode.Range(new vscode.Position(first, 0), from));
  const after = document.getText(new vscode.Range(to, end));
  const cells = first === 0 ? cellsAround(document) : { before: '', after: '' };
  return {
    document: document.uri.toString(),
    offset: document.offsetAt(from),
    ...boundedAround(cells.before + before + (selected?.text ?? ''), after + cells.after),
    path: documentPath(document),
    languageId: document.languageId,
    byHand,
    ...(selected ? { selected: { text: selected.text, typed: document.getText(selected.range) } } : {}),
  };
}

/** The other cells of a notebook in the same language, joined to one text with this one. */
function cellsAround(document: vscode.TextDocument): { before: string; after: string } {
  if (document.uri.scheme !== 'vscode-notebook-cell') return { before: '', after: '' };
  const notebook = vscode.workspace.notebookDocuments.find((one) =>
    one.getCells().some((cell) => cell.document === document),
  );
  const cells = (notebook?.getCells() ?? []).filter(
    (cell) => cell.document === document || cell.document.languageId === document.languageId,
  );
  const at = cells.findIndex((cell) => cell.document === document);
  return {
    before: cells
      .slice(0, at)
      .map((cell) => `${textOf(cell)}\n\n`)
      .join(''),
    after: cells
      .slice(at + 1)
      .map((cell) => `\n\n${textOf(cell)}`)
      .join(''),
  };
}

function textOf({ document }: vscode.NotebookCell): string {
  return document.getText().trimEnd();
}
