import { skipByPath } from '../../documentation/workspace/skipRules.ts';

/** Why a tool does not read a file. In English, for models. */
export type Refusal = 'outside' | 'secret' | 'excluded' | 'missing' | 'unreadable';

const repositoryFolder = /^(?:\.git|\.hg|\.svn)$/i;
/** Names such as `aws_credentials.json`. An agent asks for files by itself, so the rule is stricter than for pages. */
const secretName = /(?:^|[._-])(?:secrets?|credentials?|passwords?|private[_-]?key)(?:\.[^.]+)*$/i;

/**
 * The parts of a model's path inside a workspace folder. Undefined when it leads out of the folder or is
 * invalid: absolute, with a drive, `..`, or invalid characters.
 */
export function partsInside(path: string): string[] | undefined {
  const text = path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '');
  if (text === '' || /^(?:\/|~|[a-z][\w+.-]*:)/i.test(text) || /[\p{Cc}\u2028\u2029]/u.test(text))
    return undefined;
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : parts;
}

/** Whether a path's name alone shows that the file is secret. */
export function isSecretPath(parts: readonly string[]): boolean {
  return (
    skipByPath(parts.join('/')) === 'secret' ||
    secretName.test(parts.at(-1) ?? '') ||
    parts.some((part) => repositoryFolder.test(part))
  );
}

/** The message for a model, which can then ask for something else. */
export function refusalText(path: string, refusal: Refusal): string {
  switch (refusal) {
    case 'outside':
      return `"${path}" is no path inside the workspace. Give a path relative to the workspace folder, such as src/main.ts.`;
    case 'secret':
      return `"${path}" may hold secrets and is not read.`;
    case 'excluded':
      return `"${path}" is excluded by the settings of the workspace or by .gitignore, and is not read.`;
    case 'missing':
      return `There is no file "${path}" in the workspace.`;
    case 'unreadable':
      return `"${path}" cannot be read as text.`;
  }
}
