import type { PageFiles } from './pageFiles.ts';
import type { StoredPage } from './pageIndex.ts';
import { pagePath } from './pageNames.ts';
import { skipByPath } from './skipRules.ts';

/**
 * Of the pages outside the pages' folder, those that a user has moved. The others belong to a project inside
 * the folder, and the paths in their marks are relative to that project; or they are copies made by a build
 * or an installation.
 */
export async function movedPages(files: PageFiles, pages: readonly StoredPage[]): Promise<StoredPage[]> {
  const moved: StoredPage[] = [];
  const otherFolders = new Set<string>();
  for (const page of pages) {
    if (skipByPath(page.path)) continue;
    if (await isOfProjectInside(files, page)) otherFolders.add(folderOf(page));
    else moved.push(page);
  }
  // A summary has no source, but it is beside the other pages of its project.
  return moved.filter(({ path, mark }) => mark.path !== '' || !isIn(path, otherFolders));
}

/** Whether a folder around the page contains its source. */
async function isOfProjectInside(files: PageFiles, { path, mark }: StoredPage): Promise<boolean> {
  const folders = path.split('/').slice(0, -1);
  for (let count = 1; count <= folders.length && mark.path !== ''; count++) {
    const source = [...folders.slice(0, count), mark.path].join('/');
    if ((await files.read(source).catch(() => undefined)) !== undefined) return true;
  }
  return false;
}

/** The pages' folder of the project, if the page is at its own path there; else the page's folder. */
function folderOf({ path, mark }: StoredPage): string {
  const own = `/${pagePath(mark)}`;
  return path.endsWith(own) ? path.slice(0, -own.length) : path.slice(0, path.lastIndexOf('/'));
}

function isIn(path: string, folders: ReadonlySet<string>): boolean {
  return [...folders].some((folder) => path.startsWith(`${folder}/`));
}
