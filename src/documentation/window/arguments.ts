import * as vscode from 'vscode';
import { isPageKind, pageKinds } from '../../prompts/pageKinds.ts';
import { isSummaryKind, summaryKinds } from '../../prompts/summaries.ts';

/** Arguments of a key binding, a menu or a test for a run. */
export interface PlanArguments {
  folder?: vscode.Uri;
  /** Number of the best pages. */
  count?: number;
  kinds?: string[];
  /** Whether the user chooses; otherwise the best pages are written at once. */
  ask: boolean;
}

/** Kinds of pages that a run can write. */
export const plannedKinds: readonly string[] = [...pageKinds, ...summaryKinds];
const mostCount = 100_000;

/**
 * Reads `{"folder": uri, "count": n, "kinds": [...], "ask": false}`. The Explorer's menu passes the folder
 * itself.
 * @throws Error that says what is wrong
 */
export function planArguments(args: unknown): PlanArguments {
  if (args instanceof vscode.Uri) return { folder: args, ask: true };
  if (typeof args !== 'object' || args === null) return { ask: true };
  const { folder, count, kinds, ask } = args as Record<string, unknown>;
  return {
    ...(folder !== undefined && { folder: folderIn(folder) }),
    ...(count !== undefined && { count: countIn(count) }),
    ...(kinds !== undefined && { kinds: kindsIn(kinds) }),
    ask: ask !== false,
  };
}

function folderIn(value: unknown): vscode.Uri {
  if (value instanceof vscode.Uri) return value;
  const uri = typeof value === 'string' ? uriOf(value) : undefined;
  if (uri) return uri;
  if (typeof value === 'object' && value !== null && 'scheme' in value && 'path' in value)
    return vscode.Uri.from({ scheme: String(value.scheme), path: String(value.path) });
  throw new Error(
    vscode.l10n.t('"folder" must be the address of a folder, such as file:///home/me/project.'),
  );
}

/** A URI, a full path, or a path in the first workspace folder. */
function uriOf(text: string): vscode.Uri | undefined {
  if (/^[a-z][\w+.-]+:\/\//i.test(text)) return vscode.Uri.parse(text, true);
  if (/^(?:\/|[a-z]:[\\/])/i.test(text)) return vscode.Uri.file(text);
  const [first] = vscode.workspace.workspaceFolders ?? [];
  return first && text.trim() !== '' ? vscode.Uri.joinPath(first.uri, text) : undefined;
}

function countIn(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostCount) return value;
  throw new Error(vscode.l10n.t('"count" must be a whole number from 1 to {0}.', mostCount));
}

function kindsIn(value: unknown): string[] {
  const kinds: unknown[] = Array.isArray(value) ? value : [value];
  const wrong = kinds.find((kind) => !isPageKind(kind) && !isSummaryKind(kind));
  if (kinds.length === 0 || wrong !== undefined)
    throw new Error(
      vscode.l10n.t(
        'There is no page of the kind "{0}"; there are: {1}.',
        typeof wrong === 'string' ? wrong : '',
        plannedKinds.join(', '),
      ),
    );
  return [...new Set(kinds.map(String))];
}
