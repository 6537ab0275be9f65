import { isFields } from '../ollama/index.ts';
import type { Subject } from '../code/subject.ts';

export type SubjectKind = Subject['kind'];

/**
 * What happens with an answer: it is shown in the output channel, inserted into the file, or proposed in a
 * diff.
 */
export type AnswerUse = 'show' | 'insert' | 'diff';

/** An action that the user has defined. */
export interface CustomAction {
  title: string;
  instruction: string;
  /** The kinds of subjects it accepts; the first of selection, symbol and file that exists is used. */
  show: readonly SubjectKind[];
  /** VS Code's language ids; empty for all. */
  languages: readonly string[];
  answer: AnswerUse;
}

/** What is wrong with an entry. */
export type EntryFault =
  | { kind: 'notAnObject' }
  | { kind: 'missing'; field: 'title' | 'instruction' }
  | { kind: 'notATextList'; field: 'languages' }
  | { kind: 'unknownValue'; field: 'show' | 'answer'; value: string; allowed: string }
  | { kind: 'unknownField'; field: string }
  | { kind: 'titleTaken' };

/** An invalid entry: its number, counted from 1, and its title if it has one. */
export interface EntryProblem {
  entry: number;
  title: string | undefined;
  fault: EntryFault;
}

export const subjectKinds: readonly SubjectKind[] = ['selection', 'symbol', 'file'];
const uses: readonly AnswerUse[] = ['show', 'insert', 'diff'];
const fields = new Set(['title', 'instruction', 'show', 'languages', 'answer']);

type Entry = Record<string, unknown>;

/** The valid entries of a list, in order, and the problems of the others. */
export function readCustomActions(list: readonly unknown[]): {
  actions: CustomAction[];
  problems: EntryProblem[];
} {
  const actions: CustomAction[] = [];
  const problems: EntryProblem[] = [];
  for (const [index, value] of list.entries()) {
    const read = readCustomAction(value);
    const taken = 'action' in read && actions.some(({ title }) => title === read.action.title);
    if ('action' in read && !taken) actions.push(read.action);
    else
      problems.push({
        entry: index + 1,
        title: titleOf(value),
        fault: 'fault' in read ? read.fault : { kind: 'titleTaken' },
      });
  }
  return { actions, problems };
}

/** One entry of the setting or of a key binding. */
export function readCustomAction(value: unknown): { action: CustomAction } | { fault: EntryFault } {
  if (!isFields(value)) return { fault: { kind: 'notAnObject' } };
  const fault = faultOf(value);
  if (fault) return { fault };
  const { show = subjectKinds, languages = [], answer = 'show' } = value as Partial<CustomAction>;
  const kinds = subjectKinds.filter((kind) => [show].flat().includes(kind));
  return {
    action: {
      title: text(value, 'title'),
      instruction: text(value, 'instruction'),
      show: kinds,
      languages,
      answer,
    },
  };
}

function faultOf(entry: Entry): EntryFault | undefined {
  const { show = subjectKinds, languages = [], answer = 'show' } = entry;
  for (const field of ['title', 'instruction'] as const)
    if (text(entry, field) === '') return { kind: 'missing', field };
  const unknown = Object.keys(entry).find((name) => !fields.has(name));
  if (unknown !== undefined) return { kind: 'unknownField', field: unknown };
  if (!isTextList(languages)) return { kind: 'notATextList', field: 'languages' };
  return unknownValue('show', [show].flat(), subjectKinds) ?? unknownValue('answer', [answer], uses);
}

function unknownValue(
  field: 'show' | 'answer',
  values: unknown[],
  allowed: readonly string[],
): EntryFault | undefined {
  const wrong = values.find((value) => typeof value !== 'string' || !allowed.includes(value));
  if (wrong === undefined && values.length > 0) return undefined;
  return { kind: 'unknownValue', field, value: JSON.stringify(wrong ?? values), allowed: allowed.join(', ') };
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function text(entry: Entry, field: string): string {
  const value = entry[field];
  return typeof value === 'string' ? value.trim() : '';
}

function titleOf(value: unknown): string | undefined {
  return isFields(value) ? text(value, 'title') || undefined : undefined;
}
