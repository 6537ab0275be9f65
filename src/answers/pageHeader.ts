import { cyclomaticComplexity } from '../code/complexity.ts';
import type { Commit } from '../prompts/pageKinds.ts';
import { firstChars } from '../text/clip.ts';
import { inertFenceInfo } from '../text/fenceLanguages.ts';
import { fenceTag, languageName } from '../text/languageNames.ts';
import { codeSpan, escapeMarkdown, fencedBlock, lineRange, linesOf } from '../text/markdown.ts';
import { partsOf, type Subject, type SubjectPart } from '../code/subject.ts';

/** The title fields of a documentation page. Unknown fields are left out. */
interface PageFields {
  title: string;
  /** For example `Class Documentation`. */
  type: string;
  repository?: string | undefined;
  file: string;
  /** VS Code's language id. The page shows the language's name. */
  language: string;
  /** Cyclomatic complexity. */
  complexity?: number | undefined;
  /** One for each declaration of the symbol. */
  sources: readonly SubjectPart[];
}

/** A longer source, in lines or characters, is shortened with a note. A page is read for its text. */
const sourceLines = 150;
const sourceChars = 12_000;

/**
 * The fields that follow from the subject. The others must be given.
 * @param type for pages that are not plain documentation, such as `Security Review`
 */
export function pageFields(subject: Subject, repository?: string, type?: string): PageFields {
  const { kind, name, path, languageId, firstLine, lastLine } = subject;
  const sources = partsOf(subject);
  return {
    title: kind === 'selection' ? `${name}, ${lineRange(firstLine, lastLine)}` : name,
    type: type ?? `${kindOfPage(subject)} Documentation`,
    repository,
    file: path,
    language: languageId,
    complexity: cyclomaticComplexity(sources.map(({ code }) => code).join('\n'), languageId),
    sources,
  };
}

/** Title, fields and source: everything above the model's text. Ends with an empty line. */
export function pageHeader(page: PageFields): string {
  const fields: [name: string, value: string | undefined][] = [
    ['Type', escapeMarkdown(page.type)],
    ['Repository', page.repository && escapeMarkdown(page.repository)],
    ['File', codeSpan(page.file)],
    ['Language', escapeMarkdown(languageName(page.language))],
    ['Lines', page.sources.map(({ firstLine, lastLine }) => `${firstLine}-${lastLine}`).join(', ')],
    ['Complexity', page.complexity?.toString()],
  ];
  const list = fields.filter(([, value]) => value).map(([name, value]) => `- **${name}:** ${value}\n`);
  return `# ${escapeMarkdown(page.title)}\n\n${list.join('')}\n## Source\n\n${sourceParts(page)}`;
}

/** Most characters of a symbol's name in a file name. File systems allow 255 bytes. */
const nameChars = 60;

/** The page's file name from kind and symbol, such as `class-Inventory.md`. Valid on every system. */
export function pageFileName(kind: string, title: string): string {
  const name = title
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${kind}-${firstChars(name, nameChars) || 'page'}.md`;
}

/** The file's commits, as a section of the page. */
export function commitList(commits: readonly Commit[]): string {
  const rows = commits.map(({ hash, date, subject }) => `- \`${hash}\` ${date} ${escapeMarkdown(subject)}\n`);
  return `## Commits\n\n${rows.join('')}\n`;
}

/** The last line: the program that wrote the page, and the local time with its UTC offset. */
export function pageClosing({ program, date }: { program: string; date: Date }): string {
  return `\n---\n\n*Written by ${escapeMarkdown(program)} on ${localTime(date)}*\n`;
}

function kindOfPage({ kind, symbolKind = '' }: Subject): string {
  if (kind !== 'symbol') {
    return kind === 'file' ? 'File' : 'Code';
  }
  switch (symbolKind) {
    case 'method':
    case 'constructor':
    case 'operator':
      return 'Function';
    case 'namespace':
      return 'Module';
    case 'class':
    case 'enum':
    case 'function':
    case 'interface':
    case 'module':
    case 'struct':
      return symbolKind.charAt(0).toUpperCase() + symbolKind.slice(1);
    default:
      return 'Code';
  }
}

function sourceParts({ sources, language }: PageFields): string {
  const shown: string[] = [];
  const leftOut: string[] = [];
  const room = { lines: sourceLines, chars: sourceChars };
  for (const part of sources) {
    if (room.lines <= 0 || room.chars <= 0) leftOut.push(lineRange(part.firstLine, part.lastLine));
    else shown.push(`${sourcePart(part, language, room)}\n`);
    room.lines -= part.lastLine - part.firstLine + 1;
    room.chars -= part.code.length;
  }
  const rest = leftOut.length === 0 ? '' : `${cutNote(leftOut.join(', '))}\n`;
  return shown.join('') + rest;
}

function sourcePart(
  { firstLine, lastLine, code }: SubjectPart,
  language: string,
  room: { lines: number; chars: number },
): string {
  const all = linesOf(code);
  const kept = firstChars(all.slice(0, room.lines).join('\n'), room.chars);
  const whole = kept.split('\n').length;
  // A file in a diagram language is shown as text, not drawn.
  const block = fencedBlock(kept, inertFenceInfo(fenceTag(language)));
  if (kept === all.join('\n')) {
    return block;
  }
  const endsInLine = kept.split('\n').at(-1) !== all[whole - 1];
  const firstMissing = firstLine + whole - (endsInLine ? 1 : 0);
  const missing = lineRange(firstMissing, Math.max(firstMissing, lastLine));
  return `${block}\n${cutNote(`${endsInLine ? 'part of ' : ''}${missing}`)}`;
}

function cutNote(missing: string): string {
  return `*The source is cut here: ${missing} left out.*\n`;
}

function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const shifted = new Date(date.getTime() + offset * 60_000).toISOString();
  const distance = `${pad(Math.trunc(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${shifted.slice(0, 10)} at ${shifted.slice(11, 19)} (UTC${offset < 0 ? '-' : '+'}${distance})`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
