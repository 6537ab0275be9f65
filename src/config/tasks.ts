/** What models are asked for; each may have a model of its own. */
export const tasks = ['questions', 'edits', 'commitMessages', 'pages'] as const;
export type Task = (typeof tasks)[number];

/** The models of tasks; a task without one uses the model of all. */
export type TaskModels = Readonly<Partial<Record<Task, string>>>;

/** An entry of the setting that cannot be used. */
export interface TaskModelProblem {
  entry: string;
  fault: 'unknownTask' | 'notPlain';
}

/** The characters that every program reads alike, and no scheme before them. */
const plainName = /^(?!.*\/\/)[A-Za-z0-9._/:-]+$/;

/** Reads the setting entry by entry: a bad one is left out, and named. Empty means the model of all. */
export function readTaskModels(value: object): { models: TaskModels; problems: TaskModelProblem[] } {
  const models: Partial<Record<Task, string>> = {};
  const problems: TaskModelProblem[] = [];
  for (const [entry, given] of Object.entries(value) as [string, unknown][]) {
    const task = tasks.find((one) => one === entry);
    const name = typeof given === 'string' ? given.trim() : given;
    if (!task) problems.push({ entry, fault: 'unknownTask' });
    else if (typeof name !== 'string' || (name !== '' && !plainName.test(name)))
      problems.push({ entry, fault: 'notPlain' });
    else if (name !== '') models[task] = name;
  }
  return { models, problems };
}

export const thinkChoices = ['auto', 'on', 'off', 'low', 'medium', 'high'] as const;
export type ThinkChoice = (typeof thinkChoices)[number];

/** Tasks whose answer is code, a comment or a commit message: thinking only delays them. */
const withoutThinking: ReadonlySet<Task> = new Set<Task>(['edits', 'commitMessages']);

/** What a request for a task says about thinking; `undefined` leaves it to the model. */
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
