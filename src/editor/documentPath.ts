import * as vscode from 'vscode';

/**
 * How a document is called in prompts and pages: its path in the workspace with forward slashes, else its
 * bare name. Never an absolute path, which would tell the user's name. A notebook's cell is named by its
 * notebook and number.
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
    : // An untitled document may carry a Windows path with backslashes.
      (uri.path.split(/[\\/]/).findLast((part) => part !== '') ?? uri.scheme);
}
