import type * as vscode from 'vscode';
import { gitFor, repositoryName, repositoryOf } from '../../editor/git.ts';
import { commitsBetween } from '../../editor/gitHistory.ts';
import { isSummaryKind } from '../../prompts/summaries.ts';
import { localize } from '../../ui/localize.ts';
import type { OtherMaterial } from '../workspace/pageSources.ts';
import { PageStates } from '../workspace/pageStates.ts';
import { summaryMaterial } from '../workspace/summaryMaterial.ts';
import { openPages, openSources, type SourceSettings } from './runFolder.ts';

/** The sources of summaries for a workspace folder: its commits, and its currently outdated pages. */
export function summarySources(root: vscode.Uri, settings: () => SourceSettings): OtherMaterial {
  let stale: Promise<readonly string[]> | undefined;
  let repository: Promise<string | undefined> | undefined;
  return (subject, signal, onlySource) => {
    if (!isSummaryKind(subject.kind)) return undefined;
    repository ??= nameOf(root);
    return repository.then((name) =>
      summaryMaterial(
        subject,
        {
          commits: async (from, to, inner) => {
            const git = await gitFor(root);
            return git ? commitsBetween(git, from, to, inner) : [];
          },
          // Read once for all summaries of a run.
          stale: async (inner) => (onlySource ? [] : (stale ??= staleSources(root, settings(), inner))),
          repository: name,
          language: settings().answerLanguage,
          say: localize,
        },
        signal,
      ),
    );
  };
}

async function nameOf(root: vscode.Uri): Promise<string | undefined> {
  const repository = await repositoryOf(root);
  return repository && repositoryName(repository);
}

const nothing = (): undefined => undefined;

async function staleSources(
  root: vscode.Uri,
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<string[]> {
  const store = await openPages(root, settings.pagesFolder, signal);
  const sources = await openSources(root, [], () => settings, nothing, signal);
  const states = await PageStates.read(
    store,
    async (subject, inner) => (isSummaryKind(subject.kind) ? undefined : sources.sourceOf(subject, inner)),
    signal,
  );
  return states.staleSources;
}
