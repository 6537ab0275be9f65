import type { Excerpt } from './excerpt.ts';
import { linesOf } from '../text/markdown.ts';
import type { Subject, SubjectPart } from '../code/subject.ts';

/** What the model was not shown, for the user. */
export interface Omission {
  /** Whether a part of the subject itself is missing, not only code around it. */
  insideSubject: boolean;
  /** One sentence in English, as a `LocalizableMessage` has it. */
  template: string;
  args: (string | number)[];
}

/** Undefined when the whole file is sent. */
export function omissionOf(subject: Subject, excerpt: Excerpt, numCtx: number): Omission | undefined {
  const count = linesOf(subject.fileText).length;
  const inLine = excerpt.cutsFirstLine || excerpt.cutsLastLine;
  if (excerpt.complete && !inLine && excerpt.firstLine === 1 && excerpt.lastLine === count) {
    return undefined;
  }
  const [template, ...args] = excerpt.complete ? sent(subject, excerpt) : missing(subject, excerpt, numCtx);
  return { insideSubject: !excerpt.complete, template, args };
}

type Message = [message: string, ...args: (string | number)[]];

function sent({ path }: Subject, { firstLine, lastLine, cutsFirstLine, cutsLastLine }: Excerpt): Message {
  if (cutsFirstLine || cutsLastLine) {
    return omission('Only what is selected in {0} was sent, not the rest of its lines.', path);
  }
  return firstLine === lastLine
    ? omission('Only line {0} of {1} was sent.', firstLine, path)
    : omission('Only lines {0}-{1} of {2} were sent.', firstLine, lastLine, path);
}

function missing(subject: Subject, { text, lastLine, cutsLastLine }: Excerpt, numCtx: number): Message {
  const { path, lastLine: end } = subject;
  const window = String(numCtx);
  if (text === '') {
    return omission('No code of {0} was sent: the context window of {1} tokens is too small.', path, window);
  }
  if (cutsLastLine) {
    return lastLine === end
      ? omission(
          'The end of line {0} of {1} was left out: the code is longer than the context window of {2} tokens.',
          end,
          path,
          window,
        )
      : omission(
          'The end of line {0} and all of lines {1}-{2} of {3} were left out: the code is longer than the context window of {4} tokens.',
          lastLine,
          lastLine + 1,
          end,
          path,
          window,
        );
  }
  return linesLeftOut(lastLine + 1, end, path, window);
}

/** A part of a subject that was left out whole. */
export function omissionOfPart({ path }: Subject, part: SubjectPart, numCtx: number): Omission {
  const { firstLine: first, lastLine: last } = part;
  const [template, ...args] = linesLeftOut(first, last, path, String(numCtx));
  return { insideSubject: true, template, args };
}

function linesLeftOut(first: number, last: number, path: string, window: string): Message {
  return first === last
    ? omission(
        'Line {0} of {1} was left out: the code is longer than the context window of {2} tokens.',
        last,
        path,
        window,
      )
    : omission(
        'Lines {0}-{1} of {2} were left out: the code is longer than the context window of {3} tokens.',
        first,
        last,
        path,
        window,
      );
}

/** The message must be a literal, so that it can be extracted for translation. */
function omission(message: string, ...args: (string | number)[]): Message {
  return [message, ...args];
}
