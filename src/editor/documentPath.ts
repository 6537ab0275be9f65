import * as vscode from 'vscode';

/**
 * The name of a document in prompts and pages: its path in the workspace with forward slashes, else its file
 * name. Never an absolute path, which may contain the user's name. A notebook cell has its notebook's path
 * and its number.
 */
export function documentPath(document: vscode.TextDocument): string {
  const notebook = vscode.workspace.notebookDocuments.find(
    (candidate) => cellNumber(candidate, document) > 0,
  );
  return notebook
    ? `${relativePath(notebook.uri)} (cell ${cellNumber(notebook, document)})`
    : relativePath(document.uri);
}

function cellNumber(notebook: vscode.NotebookDocument, document: vscode.TextDocument): number {
  return notebook.getCells().findIndex((cell) => cell.document === document) + 1;
}

function relativePath(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)
    ? vscode.workspace.asRelativePath(uri)
    : // An untitled document may have a Windows path with backslashes.
      (uri.path.split(/[\\/]/).findLast((part) => part !== '') ?? uri.scheme);
}
