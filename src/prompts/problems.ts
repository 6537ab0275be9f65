import { codeSpan, fencedBlock, lineRange } from '../text/markdown.ts';

/** A diagnostic of a compiler or linter. */
export interface ReportedProblem {
  severity: 'error' | 'warning' | 'information' | 'hint';
  /** The tool's own text. */
  message: string;
  /** The tool, such as `ts`; undefined when unknown. */
  source?: string | undefined;
  /** The tool's identifier of this kind of problem. */
  code?: string | undefined;
  /** Counted from 1, the last one included. */
  firstLine: number;
  lastLine: number;
}

/** Most characters of a message. The longest ones only repeat themselves. */
const messageChars = 1_000;

/** Diagnostics for a prompt: position, tool, and the unchanged message in its own block. */
export function renderProblems(problems: readonly ReportedProblem[]): string {
  return problems.map(renderProblem).join('\n');
}

function renderProblem({ severity, message, source, code, firstLine, lastLine }: ReportedProblem): string {
  const by = source ? ` by ${codeSpan(source)}` : '';
  const named = code ? ` ${codeSpan(code)}` : '';
  const where = lineRange(firstLine, lastLine);
  return `- ${where}: ${severity}${named}${by}:\n\n${fencedBlock(message.slice(0, messageChars), 'plaintext')}`;
}
