import { isModelName } from '../ollama/index.ts';

/** The tasks of models. Each may have its own model. */
export const tasks = ['questions', 'edits', 'commitMessages', 'pages'] as const;
export type Task = (typeof tasks)[number];

/** The models of tasks. A task without one uses the default model. */
export type TaskModels = Readonly<Partial<Record<Task, string>>>;

/** An invalid entry of the setting. */
export interface TaskModelProblem {
  entry: string;
  fault: 'unknownTask' | 'notPlain';
}

/**
 * Reads the setting entry by entry. An invalid one is skipped and reported. Empty means the default model.
 */
export function readTaskModels(value: object): { models: TaskModels; problems: TaskModelProblem[] } {
  const models: Partial<Record<Task, string>> = {};
  const problems: TaskModelProblem[] = [];
  for (const [entry, given] of Object.entries(value) as [string, unknown][]) {
    const task = tasks.find((one) => one === entry);
    const name = typeof given === 'string' ? given.trim() : given;
    if (!task) problems.push({ entry, fault: 'unknownTask' });
    else if (typeof name !== 'string' || (name !== '' && !isModelName(name)))
      problems.push({ entry, fault: 'notPlain' });
    else if (name !== '') models[task] = name;
  }
  return { models, problems };
}

export const thinkChoices = ['auto', 'on', 'off', 'low', 'medium', 'high'] as const;
export type ThinkChoice = (typeof thinkChoices)[number];

/** Tasks whose answer is code, a comment or a commit message: thinking only delays them. */
const withoutThinking: ReadonlySet<Task> = new Set<Task>(['edits', 'commitMessages']);

/** The thinking value for a request of a task; `undefined` lets the model decide. */
export function thinkFor(choice: ThinkChoice, task: Task): boolean | 'low' | 'medium' | 'high' | undefined {
  switch (choice) {
    case 'auto':
      return withoutThinking.has(task) ? false : undefined;
    case 'on':
      return true;
    case 'off':
      return false;
    case 'low':
    case 'medium':
    case 'high':
      return choice;
  }
}
