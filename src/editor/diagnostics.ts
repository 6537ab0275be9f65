import * as vscode from 'vscode';
import type { ReportedProblem } from '../prompts/problems.ts';
import { locateRange, locateSymbol, withIndentation, type LocatedSubject } from './subject.ts';

/** Most problems in one prompt: with more, the model answers some of them only. */
const mostProblems = 5;
/** In a longer symbol, only the lines around the problem are used, because the answer repeats the code. */
const mostLines = 80;

/** Diagnostics and the code that contains them. */
export interface ReportedProblems {
  place: LocatedSubject;
  problems: ReportedProblem[];
}

/** The diagnostics of a range, the most severe first. Undefined when there are none. */
export async function problemsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
): Promise<ReportedProblems | undefined> {
  const reported = diagnosticsAt(vscode.languages.getDiagnostics(document.uri), range);
  const [worst] = reported;
  return worst && { place: await rangeTextOf(document, worst.range), problems: reported.map(problemOf) };
}

/** The diagnostics that touch the range, else those on its lines. */
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
 * The function or class that contains the line (not a mere part of one), else the lines around it up to the
 * next empty ones.
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

/** Indexed by `vscode.DiagnosticSeverity`. */
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
