import type { ChangedFile } from '../prompts/commitMessage.ts';
import { GitError, runGit, type GitProgram } from './gitProgram.ts';
import { hasUtf16Mark, linesOf, nameOf, textOf, type FileTexts } from './gitText.ts';
import { linkText, readInside } from './workingTree.ts';

/** Most bytes read of an untracked file. More would not be sent anyway. */
const newFileBytes = 64 * 1024;
/** Most untracked files sent with their text. The others are only listed. */
const mostNewTexts = 100;

/**
 * Reads the untracked files that Git does not ignore.
 * @throws GitError
 */
export async function readUntracked(
  git: GitProgram,
  texts: FileTexts,
  signal?: AbortSignal,
): Promise<ChangedFile[]> {
  const args = ['ls-files', '-z', '--others', '--exclude-standard'];
  const { code, stdout } = await runGit(git, { args, signal });
  if (code !== 0) throw new GitError('failed', args[0]);
  const names = stdout.toString('latin1').split('\0');
  // After the last separator there is nothing, or an incomplete name.
  names.pop();
  const files: ChangedFile[] = [];
  for (const [index, name] of names.entries())
    files.push(await untrackedFile(git.root, nameOf(name), texts, index < mostNewTexts));
  return files;
}

async function untrackedFile(
  root: string,
  path: string,
  texts: FileTexts,
  withText: boolean,
): Promise<ChangedFile> {
  // Git lists a nested repository as a folder with a trailing slash.
  if (path.endsWith('/')) return { path: path.slice(0, -1), what: ['new', 'another repository'], lines: [] };
  if (!withText) return { path, what: ['new'], lines: [], isPartial: true };
  const link = await linkText(root, path);
  if (link !== undefined)
    return { path, what: ['new', `symbolic link to ${JSON.stringify(link)}`], lines: [] };
  const bytes = await readInside(root, path, newFileBytes);
  if (!bytes) return { path, what: ['new', 'not read'], lines: [], isPartial: true };
  const isWide = hasUtf16Mark(bytes) || texts.isUtf16(path);
  if (bytes.includes(0) && !isWide) return { path, what: ['new', 'binary'], lines: [] };
  const text = isWide ? await texts.decode(bytes, path) : await textOf(bytes, path, texts);
  const lines = linesOf(text.replaceAll('\r\n', '\n')).map((line) => `+${line}`);
  return {
    path,
    what: ['new'],
    lines: lines.length === 0 ? [] : [`@@ -0,0 +1,${lines.length} @@`, ...lines],
  };
}
