import * as vscode from 'vscode';
import { argumentIn } from '../config/commandArguments.ts';
import { commitsOf, repositoryName, repositoryOf } from '../editor/git.ts';
import { pageKindLabel } from '../documentation/workspace/kindView.ts';
import { reserveLocation } from '../documentation/pageLocation.ts';
import { subjectsAt, type Subjects } from '../editor/subject.ts';
import { command } from '../ui/errorActions.ts';
import { showInfo, type MessageAction } from '../ui/notifications.ts';
import { PageSink } from '../documentation/pageSink.ts';
import type { Job } from '../generation/queue.ts';
import type { Services } from '../services.ts';
import { subjectPhrase } from '../prompts/actions.ts';
import { commitList, pageFields, pageFileName, pageHeader } from '../answers/pageHeader.ts';
import {
  isPageKind,
  pageHeadings,
  pageInstruction,
  pageKindOf,
  pageKinds,
  pageType,
  type Commit,
  type PageKind,
} from '../prompts/pageKinds.ts';
import { buildPromptWith } from '../prompts/prompt.ts';
import type { Subject } from '../code/subject.ts';
import { programName } from '../status/status.ts';
import { describeSubject, omissionNote, runJob } from '../generation/questions.ts';
import { requireEditor } from '../editor/requireEditor.ts';

/** Enough commits to show the file's history without displacing the code. */
const mostCommits = 20;

/** The subject of a page, and facts about it from outside the code. */
interface PageTarget {
  kind: PageKind;
  subject: Subject;
  repository: string | undefined;
  commits: Commit[];
}

/**
 * Writes a documentation page about the code at the cursor. It streams into a Markdown document beside the
 * code. The argument `{ kind }` of a key binding skips the question for the kind.
 */
export async function writeDocumentationPage(services: Services, args?: unknown): Promise<void> {
  const editor = await requireEditor(
    vscode.l10n.t('Open a file first: a page is about the code at the cursor.'),
  );
  if (!editor) return;
  const { document } = editor;
  const asked = kindIn(args);
  const subjects = await around(editor, asked);
  const kind = asked ?? (await chosenKind(subjects));
  if (!kind) return;
  const subject = subjectFor(kind, subjects);
  if (!subject)
    return showInfo(
      kind === 'class'
        ? vscode.l10n.t('The outline of this file has no class at the cursor: select it instead.')
        : vscode.l10n.t('The outline of this file has no function at the cursor: select it instead.'),
      [anotherKind()],
    );
  if (subject.code.trim() === '')
    return showInfo(vscode.l10n.t('There is no code here yet to write a page about.'));
  const page = await pageAbout(kind, subject, document.uri);
  if (kind === 'evolution' && page.commits.length === 0)
    return showInfo(
      vscode.l10n.t('There is no history to write about: Git knows no commits of {0}.', subject.path),
      [anotherKind()],
    );
  await write(services, page, document.uri);
}

const anotherKind = (): MessageAction =>
  command(vscode.l10n.t('Choose Another Kind'), 'codeworm.writeDocumentationPage');

/**
 * Milliseconds that a language server may take for its outline, without which there is nothing to describe.
 */
const outlineTimeoutMs = 10_000;

async function around(editor: vscode.TextEditor, kind: PageKind | undefined): Promise<Subjects> {
  if (kind !== 'function' && kind !== 'class') return subjectsAt(editor);
  const subjects = subjectsAt(editor, outlineTimeoutMs);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Waiting for the outline of the file…'), subjects);
  return subjects;
}

/** @throws Error that lists the valid kinds */
function kindIn(args: unknown): PageKind | undefined {
  const kind = argumentIn(args, 'kind');
  if (kind === undefined || isPageKind(kind)) return kind;
  const message = vscode.l10n.t(
    'There is no page of the kind "{0}"; there are: {1}.',
    typeof kind === 'string' ? kind : '',
    pageKinds.join(', '),
  );
  throw new Error(message);
}

/** The subject of a kind. Without a module around the cursor, the file is used. */
function subjectFor(kind: PageKind, subjects: Subjects): Subject | undefined {
  switch (kind) {
    case 'function':
    case 'class':
      return subjects[kind];
    case 'file':
      return subjects.file;
    case 'module':
      return subjects.module ?? subjects.file;
    case 'security':
    case 'performance':
    case 'patterns':
    case 'learned':
    case 'evolution':
      return subjects.nearest;
  }
}

/** Lets the user pick a kind; the one that fits the cursor comes first. */
async function chosenKind(subjects: Subjects): Promise<PageKind | undefined> {
  const fitting = pageKindOf(subjects.nearest);
  const possible = pageKinds.filter((kind) => kind !== fitting && subjectFor(kind, subjects));
  const items = [fitting, ...possible].map((kind) => ({
    page: kind,
    label: pageKindLabel(kind),
    description: nameOf(subjectFor(kind, subjects)),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Write Documentation Page'),
    placeHolder: vscode.l10n.t('What kind of page?'),
    matchOnDescription: true,
  });
  return chosen?.page;
}

function nameOf(subject: Subject | undefined): string {
  return subject ? describeSubject(subject) : '';
}

async function pageAbout(kind: PageKind, subject: Subject, uri: vscode.Uri): Promise<PageTarget> {
  const repository = await repositoryOf(uri);
  const commits = kind === 'evolution' && repository ? await commitsOf(repository, uri, mostCommits) : [];
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.name ?? vscode.workspace.name;
  return { kind, subject, repository: (repository && repositoryName(repository)) ?? folder, commits };
}

async function write(services: Services, page: PageTarget, uri: vscode.Uri): Promise<void> {
  const { kind, subject, commits } = page;
  const fields = pageFields(subject, page.repository, pageType(kind));
  const { pagesFolder, answerLanguage } = services.configuration.current;
  const closed = new AbortController();
  const sink = new PageSink({
    header: pageHeader(fields) + (commits.length > 0 ? commitList(commits) : ''),
    headings: pageHeadings(kind),
    locate: () => reserveLocation(uri, pagesFolder, pageFileName(kind, fields.title)),
    unfinished: services.unfinishedPages,
    program: () => programName(services.monitor.facts),
    onClosed: () => closed.abort(),
    onRefused: () => offerContent(refusedPage(), sink.content),
  });
  const job: Job = {
    task: 'pages',
    title: pageKindLabel(kind),
    subject: describeSubject(subject),
    sink,
    signal: closed.signal,
    prompt: (budget) => {
      const history = { path: subject.path, commits };
      const instruction = pageInstruction(kind, subjectPhrase(subject), history);
      const { system, prompt, omitted } = buildPromptWith(instruction, subject, budget, answerLanguage);
      return { system, prompt, ...(omitted ? { note: omissionNote(omitted) } : {}) };
    },
  };
  const outcome = await runJob(services, job, (variation) => write({ ...services, variation }, page, uri));
  await sink.settled();
  services.walkthroughProgress.wrotePage(outcome);
  if (closed.signal.aborted) offerContent(closedPage(), sink.content);
}

const closedPage = (): string =>
  vscode.l10n.t('The page was closed before it was complete, so CodeWorm stopped writing it.');

const refusedPage = (): string =>
  vscode.l10n.t('VS Code does not let CodeWorm change the page, so its end is missing there.');

/** Offers the text of a page that was closed by mistake or could not be completed. */
function offerContent(message: string, content: string): void {
  showInfo(message, [
    {
      title: vscode.l10n.t('Open Again'),
      run: async () => {
        const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
      },
    },
  ]);
}
