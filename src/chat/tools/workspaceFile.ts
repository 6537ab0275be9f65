import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { isSecretPath, partsInside, type Refusal } from './filePolicy.ts';

/** Most bytes of a file that a tool reads. */
const mostBytes = 1024 * 1024;

/** Reads a file for a model: only inside the workspace, and nothing secret or excluded. */
export async function readWorkspaceFile(path: string): Promise<vscode.TextDocument | Refusal> {
  const parts = partsInside(path);
  if (!parts) return 'outside';
  if (isSecretPath(parts)) return 'secret';
  const found = await find(parts);
  if (!found) return 'missing';
  const { folder, uri, size } = found;
  const inside = await realParts(folder, uri);
  if (!inside) return 'outside';
  if (isSecretPath(inside)) return 'secret';
  if (await isExcluded(folder, inside)) return 'excluded';
  if (size > mostBytes) return 'unreadable';
  return vscode.workspace.openTextDocument(uri).then(undefined, () => 'unreadable' as const);
}

interface Found {
  folder: vscode.WorkspaceFolder;
  uri: vscode.Uri;
  size: number;
}

/** With several folders, a path may start with the name of one. */
async function find(parts: readonly string[]): Promise<Found | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? [])
    for (const rest of [parts, ...(parts[0] === folder.name ? [parts.slice(1)] : [])]) {
      const uri = vscode.Uri.joinPath(folder.uri, ...rest);
      const stat = await vscode.workspace.fs.stat(uri).then(undefined, () => undefined);
      if (stat && (stat.type & vscode.FileType.File) !== 0) return { folder, uri, size: stat.size };
    }
  return undefined;
}

/** The real path of a file, as parts below its folder. A link may lead elsewhere. */
async function realParts(folder: vscode.WorkspaceFolder, uri: vscode.Uri): Promise<string[] | undefined> {
  if (uri.scheme !== 'file') return uri.path.slice(folder.uri.path.length).split('/').filter(Boolean);
  try {
    const path = relative(await realpath(folder.uri.fsPath), await realpath(uri.fsPath));
    return isAbsolute(path) || path.startsWith('..') ? undefined : path.split(sep);
  } catch {
    return undefined;
  }
}

/** According to `files.exclude` and `search.exclude`, like VS Code's own search. */
async function isExcluded(folder: vscode.WorkspaceFolder, parts: readonly string[]): Promise<boolean> {
  const searched = vscode.workspace
    .getConfiguration('search', folder)
    .get<Record<string, unknown>>('exclude');
  const excludes = Object.entries(searched ?? {}).flatMap(([glob, isOn]) => (isOn === true ? [glob] : []));
  const include = new vscode.RelativePattern(folder, parts.map(escapeGlob).join('/'));
  const exclude = excludes.length > 0 ? `{${excludes.join(',')}}` : undefined;
  return (await vscode.workspace.findFiles(include, exclude, 1)).length === 0;
}

function escapeGlob(part: string): string {
  return part.replaceAll(/[[\]{}*?]/g, '[$&]');
}
