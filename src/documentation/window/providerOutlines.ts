import * as vscode from 'vscode';
import { callables, containers } from '../../code/outline.ts';
import { decisionsIn } from '../../code/complexity.ts';
import { declarationsIn, knowsDeclarations } from '../../code/declarations.ts';
import { docStartOf } from '../../code/declarationTypes.ts';
import { outlineOf, type FileOutline, type Unit } from '../workspace/fileOutline.ts';
import { mergedUnits } from '../workspace/providedUnits.ts';
import { linesOf } from '../../text/markdown.ts';

/**
 * Most files of languages with an own outline that language servers outline too: the first ones, because they
 * change most. Opening thousands of files in a language server would take minutes.
 */
const mostAsked = 40;
/** Milliseconds for one outline, and for all of them. */
const outlineMs = 2_000;
const allMs = 8_000;
/** After this many files without an outline, a language counts as one without a provider. */
const mostUnanswered = 2;

/**
 * Outlines from VS Code's symbol providers; `undefined` when none answers, so that the file must be read
 * here.
 */
export class ProviderOutlines {
  private readonly folder: vscode.Uri;
  private readonly unanswered = new Map<string, number>();
  private asked = 0;
  private msLeft = allMs;

  constructor(folder: vscode.Uri) {
    this.folder = folder;
  }

  async outline(path: string, text: string, languageId: string): Promise<FileOutline | undefined> {
    const isOurs = knowsDeclarations(languageId);
    const isUnanswered = (this.unanswered.get(languageId) ?? 0) >= mostUnanswered;
    if (this.msLeft <= 0 || isUnanswered || (isOurs && this.asked >= mostAsked)) return undefined;
    if (isOurs) this.asked++;
    const begun = performance.now();
    const symbols = await this.ask(path);
    this.msLeft -= performance.now() - begun;
    if (symbols.length === 0) {
      this.unanswered.set(languageId, (this.unanswered.get(languageId) ?? 0) + 1);
      return undefined;
    }
    this.unanswered.delete(languageId);
    return outlineFrom(symbols, text, languageId);
  }

  /** Never rejects. */
  private async ask(path: string): Promise<vscode.DocumentSymbol[]> {
    const uri = vscode.Uri.joinPath(this.folder, path);
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = vscode.workspace
        .openTextDocument(uri)
        .then(() => vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', uri));
      const limit = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), outlineMs);
      });
      const found = await Promise.race([answer, limit]);
      return Array.isArray(found)
        ? found.filter((one): one is vscode.DocumentSymbol => 'children' in one)
        : [];
    } catch {
      return [];
    } finally {
      clearTimeout(timer);
    }
  }
}

const fewestLines = 3;

function outlineFrom(
  symbols: readonly vscode.DocumentSymbol[],
  text: string,
  languageId: string,
): FileOutline {
  const { code } = declarationsIn(text, languageId);
  const decisions = decisionsIn(code.masked, languageId);
  const starts = lineStarts(text);
  const offset = (line: number): number => starts[line] ?? text.length;
  const unitOf = (symbol: vscode.DocumentSymbol, name: string): Unit | undefined => {
    const kind = kindOf(symbol);
    const { start, end } = symbol.range;
    if (!kind || end.line - start.line + 1 < fewestLines) return undefined;
    const from = offset(start.line);
    return {
      name,
      kind,
      lines: { start: start.line, end: end.line },
      complexity: decisions?.between(from, offset(end.line + 1)),
      hasDocComment: docStartOf(code, from) < from,
    };
  };
  const unitsOf = (symbol: vscode.DocumentSymbol, owner: string): Unit[] => {
    const name = owner === '' ? symbol.name : `${owner}.${symbol.name}`;
    const own = unitOf(symbol, name);
    const isCallable = own?.kind === 'function';
    return [
      ...(own ? [own] : []),
      ...(isCallable ? [] : symbol.children.flatMap((child) => unitsOf(child, name))),
    ];
  };
  const own = outlineOf(text, languageId);
  const provided = symbols.flatMap((symbol) => unitsOf(symbol, ''));
  const isSure = knowsDeclarations(languageId);
  return { ...own, units: mergedUnits(provided, own.units, linesOf(text), isSure) };
}

function kindOf({ kind }: vscode.DocumentSymbol): Unit['kind'] | undefined {
  const name = vscode.SymbolKind[kind] ?? '';
  if (callables.has(name)) return 'function';
  return containers.has(name) && name !== 'Module' && name !== 'Namespace' ? 'class' : undefined;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
