import * as vscode from 'vscode';
import type { ReportedProblem } from '../prompts/problems.ts';
import { locateRange, locateSymbol, withIndentation, type LocatedSubject } from './subject.ts';

/** More would make the model lose the thread. */
const mostProblems = 5;
/** A problem in a longer symbol is looked at with the lines around it only: the answer would be as long. */
const mostLines = 80;

/** Problems and the code that they are in. */
export interface ReportedProblems {
  place: LocatedSubject;
  problems: ReportedProblem[];
}

/** What the tools have reported for a range, the worst first; undefined where they have nothing to say. */
export async function problemsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
): Promise<ReportedProblems | undefined> {
  const reported = diagnosticsAt(vscode.languages.getDiagnostics(document.uri), range);
  const [worst] = reported;
  return worst && { place: await rangeTextOf(document, worst.range), problems: reported.map(problemOf) };
}

/** Those that touch the range; on the lines of it, where none does. */
function diagnosticsAt(all: readonly vscode.Diagnostic[], range: vscode.Range): vscode.Diagnostic[] {
  const touched = all.filter((diagnostic) => diagnostic.range.intersection(range));
  const lines = all.filter(
    ({ range: { start, end } }) => start.line <= range.end.line && range.start.line <= end.line,
  );
  return (touched.length > 0 ? touched : lines)
    .toSorted((a, b) => a.severity - b.severity)
    .slice(0, mostProblems);
}

/**
 * The function or class that the line belongs to (not one that is only a part of it), else the lines around
 * it up to the next blank ones.
 */
async function rangeTextOf(document: vscode.TextDocument, range: vscode.Range): Promise<LocatedSubject> {
  const symbol = await locateSymbol(document, range.start.with({ character: 0 }));
  const lines = symbol ? symbol.subject.lastLine - symbol.subject.firstLine + 1 : Number.POSITIVE_INFINITY;
  return symbol && lines <= mostLines
    ? withIndentation(symbol)
    : locateRange(document, paragraph(document, range));
}

function paragraph(document: vscode.TextDocument, range: vscode.Range): vscode.Range {
  const isText = (line: number): boolean =>
    line >= 0 && line < document.lineCount && !document.lineAt(line).isEmptyOrWhitespace;
  let { line: first } = document.validatePosition(range.start);
  let { line: last } = document.validatePosition(range.end);
  while (isText(first - 1) && last - first < mostLines) first--;
  while (isText(last + 1) && last - first < mostLines) last++;
  return new vscode.Range(new vscode.Position(first, 0), document.lineAt(last).range.end);
}

/** In the order of `vscode.DiagnosticSeverity`. */
const severities = ['error', 'warning', 'information', 'hint'] as const;

function problemOf({ severity, message, source, code, range }: vscode.Diagnostic): ReportedProblem {
  const name = typeof code === 'object' ? code.value : code;
  return {
    severity: severities[severity],
    message,
    source,
    code: name === undefined ? undefined : String(name),
    firstLine: range.start.line + 1,
    lastLine: range.end.line + 1,
  };
}
