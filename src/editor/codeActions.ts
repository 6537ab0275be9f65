import * as vscode from 'vscode';
import { looksLikeDeclaration } from '../code/declaration.ts';
import { schemes, type CommandId } from '../contributions.ts';

const { QuickFix, RefactorRewrite } = vscode.CodeActionKind;

/**
 * Registers the code actions. VS Code asks for them at every cursor move, so this only reads the diagnostics
 * it has and one line of text.
 */
export function registerCodeActions(): vscode.Disposable {
  const provider = { provideCodeActions };
  return vscode.languages.registerCodeActionsProvider([{ scheme: '*' }, { notebookType: '*' }], provider, {
    providedCodeActionKinds: [QuickFix, RefactorRewrite],
  });
}

function provideCodeActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics, only }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const { scheme } = document.uri;
  if (scheme === 'output' || scheme === schemes.proposal) return [];
  const wants = (kind: vscode.CodeActionKind): boolean => !only || only.contains(kind);
  return [
    ...(diagnostics.length > 0 && wants(QuickFix) ? problemActions(document, range, diagnostics) : []),
    ...(wants(RefactorRewrite) && isDeclaration(document, range) ? [commentAction()] : []),
  ];
}

function problemActions(
  { uri }: vscode.TextDocument,
  range: vscode.Range,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const action = (title: string, command: CommandId): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, QuickFix);
    made.command = { title, command, arguments: [uri, range] };
    made.diagnostics = [...diagnostics];
    return made;
  };
  return [
    action(vscode.l10n.t('Explain with CodeWorm'), 'codeworm.explainProblem'),
    action(vscode.l10n.t('Fix with CodeWorm'), 'codeworm.fixProblem'),
  ];
}

function isDeclaration(document: vscode.TextDocument, { start }: vscode.Range): boolean {
  return looksLikeDeclaration(document.lineAt(start.line).text, document.languageId);
}

function commentAction(): vscode.CodeAction {
  const title = vscode.l10n.t('Add Doc Comment');
  const made = new vscode.CodeAction(title, RefactorRewrite);
  made.command = { title, command: 'codeworm.addDocComment' satisfies CommandId };
  return made;
}
