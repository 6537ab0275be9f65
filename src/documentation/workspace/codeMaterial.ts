import { commitList, pageFields, pageHeader } from '../../answers/pageHeader.ts';
import { partsOf, type Subject, type SubjectPart } from '../../code/subject.ts';
import { localizable, type LocalizableMessage } from '../../ollama/index.ts';
import { subjectPhrase } from '../../prompts/actions.ts';
import { omissionOfPart, type Omission } from '../../prompts/omission.ts';
import {
  isPageKind,
  pageHeadings,
  pageInstruction,
  pageType,
  type Commit,
  type PageKind,
} from '../../prompts/pageKinds.ts';
import { buildPromptWith } from '../../prompts/prompt.ts';
import { encodedCost, promptTokens, type TokenBudget } from '../../prompts/tokens.ts';
import { codeSpan, fencedBlock, lineRange } from '../../text/markdown.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PagePrompt } from './pageModel.ts';
import type { PageSubject } from './pageMark.ts';
import { relatedPart, type RelatedCode } from './relatedCode.ts';
import type { SourceFile, SourceRange } from './sourceRange.ts';

/** Facts about the source of a page from outside its file. */
export interface SourceContext {
  repository?: string | undefined;
  commits?: readonly Commit[];
  related?: readonly RelatedCode[];
  /** Language of the page, by its English name. */
  language?: string | undefined;
  say: (message: LocalizableMessage) => string;
}

/** Most of a prompt that other code may use, as a share, and in tokens: it must not displace the source. */
const relatedShare = 0.25;
const relatedTokens = 1500;
/** Most of a prompt that further declarations of the same symbol may use, as a share. */
const declaredShare = 0.4;
/** Most sentences about declarations that were left out. */
const mostNotes = 3;

/** The source of an item as the subject of a prompt; `undefined` when it is no longer in the file. */
export function subjectOf(item: PageSubject, file: SourceFile): Subject | undefined {
  const [range, ...others] = file.of(item).filter(({ code }) => code.trim() !== '');
  if (!range) return undefined;
  const { path, symbol, languageId } = item;
  const symbolKind = symbolKinds[item.kind];
  return {
    kind: symbol === undefined ? 'file' : 'symbol',
    name: symbol ?? path.slice(path.lastIndexOf('/') + 1),
    ...(symbol !== undefined && symbolKind ? { symbolKind } : {}),
    path,
    languageId,
    ...partOf(range),
    ...(others.length > 0 && { also: others.map(partOf) }),
    fileText: file.text,
  };
}

function partOf({ start, end, code }: SourceRange): SubjectPart {
  return { firstLine: start + 1, lastLine: end + 1, code };
}

const symbolKinds: Record<string, string> = { function: 'function', class: 'class', module: 'module' };

/** The text that makes a page about code outdated when it changes. */
export function sourceOf(subject: Subject): string {
  return partsOf(subject)
    .map(({ code }) => code)
    .join('\n\n');
}

/** The material of a page about code; `undefined` for kinds that are not about code. */
export function codeMaterial(
  kind: string,
  subject: Subject,
  context: SourceContext,
): PageMaterial | undefined {
  if (!isPageKind(kind)) return undefined;
  const { repository, commits = [] } = context;
  const fields = pageFields(subject, repository, pageType(kind));
  return {
    source: sourceOf(subject),
    header: pageHeader(fields) + (commits.length > 0 ? commitList(commits) : ''),
    headings: pageHeadings(kind),
    prompt: (budget) => promptFor(kind, subject, budget, context),
  };
}

function promptFor(
  kind: PageKind,
  subject: Subject,
  budget: TokenBudget,
  { commits = [], related = [], language, say }: SourceContext,
): PagePrompt {
  const page = pageInstruction(kind, subjectPhrase(subject), { path: subject.path, commits });
  const cost = encodedCost(budget.charsPerToken);
  const room = promptTokens(budget);
  const declared = furtherDeclarations(subject, page, budget, language);
  const instruction = declared.text + page;
  const alone = buildPromptWith(instruction, subject, budget, language);
  const most = Math.min(room * relatedShare, relatedTokens, room - alone.estimatedTokens);
  const other = relatedPart(related, (text) => cost(text) <= most);
  const { system, prompt, omitted } =
    other.text === '' ? alone : buildPromptWith(other.text + instruction, subject, budget, language);
  const notes = [
    ...(omitted ? [noteOn(omitted, say)] : []),
    ...declared.leftOut
      .slice(0, mostNotes)
      .map((one) => noteOn(omissionOfPart(subject, one, budget.numCtx), say)),
    ...(other.leftOut > 0 ? [leftOutSentence(other.leftOut, say)] : []),
  ];
  return { system, prompt, ...(notes.length > 0 ? { note: notes.join(' ') } : {}) };
}

/**
 * The part of a prompt about the further declarations of a symbol. Their code is added when the file is not
 * sent whole, as far as it fits.
 */
function furtherDeclarations(
  subject: Subject,
  instruction: string,
  budget: TokenBudget,
  language: string | undefined,
): { text: string; leftOut: SubjectPart[] } {
  const { also = [], path, languageId } = subject;
  if (also.length === 0) return { text: '', leftOut: [] };
  const task = `${codeSpan(subject.name)} has ${also.length + 1} declarations in this file. The page is about all of them: say what they have in common, and how they differ.\n\n`;
  if (!buildPromptWith(task + instruction, subject, budget, language).omitted)
    return { text: task, leftOut: [] };
  const cost = encodedCost(budget.charsPerToken);
  let room = promptTokens(budget) * declaredShare;
  const shown: string[] = [];
  const leftOut: SubjectPart[] = [];
  for (const part of also) {
    const title = `Another declaration (${codeSpan(path)}, ${lineRange(part.firstLine, part.lastLine)}):`;
    const text = `${title}\n\n${fencedBlock(part.code, languageId)}\n`;
    const tokens = cost(text);
    if (tokens > room) leftOut.push(part);
    else shown.push(text);
    room -= tokens > room ? 0 : tokens;
  }
  return { text: shown.join('') + task, leftOut };
}

function leftOutSentence(count: number, say: SourceContext['say']): string {
  return count === 1
    ? say(localizable('One place that calls it, or that it calls, was left out.'))
    : say(localizable('{0} places that call it, or that it calls, were left out.', count));
}

/** A warning if it is a part of the page's subject. */
function noteOn(omitted: Omission, say: SourceContext['say']): string {
  const sentence = say(omitted);
  return omitted.insideSubject
    ? `⚠ ${say(localizable('The answer knows only a part of the code.'))} ${sentence}`
    : sentence;
}
