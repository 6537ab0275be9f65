import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { GlobFilter, type GlobSetting } from '../../documentation/workspace/globs.ts';
import { isIgnored, parseIgnoreFile, type IgnoreScope } from '../../documentation/workspace/ignoreRules.ts';
import { skipByContent } from '../../documentation/workspace/skipRules.ts';
import { textOfBytes } from '../../documentation/workspace/textOfBytes.ts';
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
  const bytes = await vscode.workspace.fs.readFile(uri);
  const reason = skipByContent(bytes, textOfBytes(bytes));
  if (reason === 'secret') return 'secret';
  if (reason === 'binary') return 'unreadable';
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

/** According to `files.exclude`, `search.exclude` and the `.gitignore` files of the parent folders. */
async function isExcluded(folder: vscode.WorkspaceFolder, parts: readonly string[]): Promise<boolean> {
  const configuration = vscode.workspace.getConfiguration(undefined, folder);
  const filter = new GlobFilter(
    ['files.exclude', 'search.exclude'].map((name) => configuration.get<GlobSetting>(name, {})),
  );
  const names = new Set(await siblingsOf(folder, parts));
  const isThere = (path: string): boolean => names.has(path);
  return filter.excludes(parts.join('/'), isThere) || isIgnoredByGit(folder, parts);
}

/** The paths in the same folder, for exclusions with a `when` clause. */
async function siblingsOf(folder: vscode.WorkspaceFolder, parts: readonly string[]): Promise<string[]> {
  const around = parts.slice(0, -1);
  const entries = await vscode.workspace.fs
    .readDirectory(vscode.Uri.joinPath(folder.uri, ...around))
    .then(undefined, () => []);
  return entries.map(([name]) => [...around, name].join('/'));
}

async function isIgnoredByGit(folder: vscode.WorkspaceFolder, parts: readonly string[]): Promise<boolean> {
  const scopes: IgnoreScope[] = [];
  for (let depth = 0; depth < parts.length; depth++) {
    const path = parts.slice(0, depth);
    const text = await textOf(vscode.Uri.joinPath(folder.uri, ...path, '.gitignore'));
    if (text !== undefined) scopes.push({ folder: path, rules: parseIgnoreFile(text) });
    if (isIgnored(scopes, parts.slice(0, depth + 1), depth + 1 < parts.length)) return true;
  }
  return false;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  return vscode.workspace.fs.readFile(uri).then(textOfBytes, () => undefined);
}
