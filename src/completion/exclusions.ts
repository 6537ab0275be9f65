import * as vscode from 'vscode';
import type { Config } from '../config/configuration.ts';
import { isIgnoredByGit } from '../editor/gitIgnored.ts';
import { none, type Outcome } from './outcome.ts';
import { isSecretPath } from './secrets.ts';

/**
 * Schemes of documents in which users write code. All others are excluded: the output, the input box of
 * Source Control, the old side of a diff, VS Code's settings, and documents of other extensions.
 */
const codeSchemes = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'vscode-notebook-cell'];
export const codeSelector = codeSchemes.map((scheme) => ({ scheme }));

/** Milliseconds until Git is asked again, because a `.gitignore` may have changed. */
const ignoredForMs = 30_000;

const mostRemembered = 200;

type Refusal = Outcome & { kind: 'none' };

/** Decides from which documents code is sent. */
export class Exclusions implements vscode.Disposable {
  private readonly ignored = new Map<string, { at: number; answer: Promise<boolean> }>();
  /** Whether the settings leave a file out: comparing many patterns at each key would take too long. */
  private readonly excluded = new Map<string, boolean>();
  private readonly subscription = vscode.workspace.onDidChangeConfiguration(() => this.excluded.clear());

  /** Why a document is excluded. When it cannot be determined, the document counts as excluded. */
  async refusalOf(document: vscode.TextDocument, config: Config): Promise<Refusal | undefined> {
    return this.quickRefusalOf(document, config) ?? (await this.ignoredRefusal(document.uri));
  }

  /** The reasons that need no waiting. */
  quickRefusalOf(document: vscode.TextDocument, { completion }: Config): Refusal | undefined {
    const { uri, languageId } = document;
    if (!codeSchemes.includes(uri.scheme)) return none('notCode');
    if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return none('notCode');
    if (languageId === 'dotenv' || isSecretPath(uri.path)) return none('secret');
    if (completion.languages.includes(languageId)) return none('language', languageId);
    return this.isExcluded(document) ? none('excluded') : undefined;
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private isExcluded(document: vscode.TextDocument): boolean {
    const key = document.uri.toString();
    const answer = this.excluded.get(key) ?? isExcluded(document);
    if (this.excluded.size >= mostRemembered) this.excluded.clear();
    this.excluded.set(key, answer);
    return answer;
  }

  private async ignoredRefusal(uri: vscode.Uri): Promise<Refusal | undefined> {
    if (uri.scheme === 'untitled') return undefined;
    const file = uri.with({
      scheme: uri.scheme === 'vscode-notebook-cell' ? 'file' : uri.scheme,
      fragment: '',
    });
    const key = file.toString();
    const known = this.ignored.get(key);
    const isFresh = known && performance.now() - known.at < ignoredForMs;
    const answer = isFresh ? known.answer : isIgnoredByGit(file).catch(() => true);
    if (this.ignored.size >= mostRemembered) this.ignored.clear();
    if (!isFresh) this.ignored.set(key, { at: performance.now(), answer });
    return (await answer) ? none('ignored') : undefined;
  }
}

/** Whether the user's settings hide the file or exclude it from searches. */
function isExcluded(document: vscode.TextDocument): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (!folder) return false;
  return ['files', 'search'].some((section) => {
    const globs = vscode.workspace
      .getConfiguration(section, document.uri)
      .get<Record<string, unknown>>('exclude', {});
    return Object.entries(globs).some(([glob, value]) => value === true && matches(glob, folder, document));
  });
}

/** A pattern for a folder also matches its content. */
function matches(glob: string, folder: vscode.WorkspaceFolder, document: vscode.TextDocument): boolean {
  const patterns = [glob, `${glob.replace(/\/+$/, '')}/**`];
  return patterns.some(
    (pattern) =>
      vscode.languages.match({ pattern: new vscode.RelativePattern(folder, pattern) }, document) > 0,
  );
}
