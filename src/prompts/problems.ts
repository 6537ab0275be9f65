import { codeSpan, fencedBlock, lineRange } from '../text/markdown.ts';

/** What a compiler or a linter has to say about a place in the code. */
export interface ReportedProblem {
  severity: 'error' | 'warning' | 'information' | 'hint';
  /** As the tool wrote it. */
  message: string;
  /** The tool, such as `ts`; undefined where it does not say. */
  source?: string | undefined;
  /** The tool's name or number for this kind of problem. */
  code?: string | undefined;
  /** Counted from 1, both ends included. */
  firstLine: number;
  lastLine: number;
}

/** A compiler's longest explanations say the same in ever more words. */
const messageChars = 1_000;

/** Problems for a prompt: where, by whom, and the message as it is, in a block of its own. */
export function renderProblems(problems: readonly ReportedProblem[]): string {
  return problems.map(renderProblem).join('\n');
}

function renderProblem({ severity, message, source, code, firstLine, lastLine }: ReportedProblem): string {
  const by = source ? ` by ${codeSpan(source)}` : '';
  const named = code ? ` ${codeSpan(code)}` : '';
  const where = lineRange(firstLine, lastLine);
  return `- ${where}: ${severity}${named}${by}:\n\n${fencedBlock(message.slice(0, messageChars), 'plaintext')}`;
}
