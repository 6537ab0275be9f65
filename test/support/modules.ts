// Checks that the modules of src (its folders and loose files) are layered: no import upward, no circle.
//   node test/support/modules.ts [--check]     prints the layers, or fails with the violations
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Upper limits for src. */
export const limits = { modules: 22, looseFiles: 3, insideClient: 14 };

export interface Import {
  /** The importing module and the imported one. */
  from: string;
  to: string;
  /** The importing file. */
  file: string;
}

/** The imports between the modules of a folder; a module is a folder in it or a loose file. */
export function importsBetween(folder: string): { modules: string[]; imports: Import[] } {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  const moduleOf = (file: string): string => file.slice(folder.length + 1).split('/')[0]!;
  const imports = files.flatMap((file) =>
    importedBy(file)
      .filter((target) => target.startsWith(`${folder}/`) && moduleOf(target) !== moduleOf(file))
      .map((target) => ({ from: moduleOf(file), to: moduleOf(target), file })),
  );
  return { modules: [...new Set(files.map(moduleOf))].toSorted((a, b) => a.localeCompare(b)), imports };
}

/** The own modules that a file imports, types and dynamic imports included. */
function importedBy(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g);
  return [...specifiers].map(([, specifier]) => posix.join(posix.dirname(file), specifier!));
}

/**
 * The modules in layers, lowest first: each imports from lower layers only.
 * @returns `circle`: the modules that are left because they import each other
 */
export function layersOf(modules: readonly string[], imports: readonly Import[]) {
  const layers: string[][] = [];
  let left = [...modules];
  while (left.length > 0) {
    const open = new Set(left);
    const layer = left.filter((name) => !imports.some(({ from, to }) => from === name && open.has(to)));
    if (layer.length === 0) return { layers, circle: withoutTop(left, imports) };
    layers.push(layer);
    left = left.filter((name) => !layer.includes(name));
  }
  return { layers, circle: [] };
}

/** Of the modules left, those that form the circle, without those that only import from it. */
function withoutTop(modules: readonly string[], imports: readonly Import[]): string[] {
  const inside = imports.filter(({ from, to }) => modules.includes(from) && modules.includes(to));
  const imported = modules.filter((name) => inside.some(({ to }) => to === name));
  return imported.length === modules.length ? imported : withoutTop(imported, inside);
}

/** The violations of the layout, in sentences; empty when there are none. */
export function layoutProblems(): string[] {
  const all = importsBetween('src');
  const { circle } = layersOf(all.modules, all.imports);
  const loose = all.modules.filter((name) => name.endsWith('.ts'));
  const client = importsBetween('src/ollama');
  const clientCircle = layersOf(client.modules, client.imports).circle;
  return [
    ...tooMany('modules in src', all.modules, limits.modules),
    ...tooMany('loose files in src', loose, limits.looseFiles),
    ...tooMany('modules in src/ollama', client.modules, limits.insideClient),
    ...circleProblem('src', circle, all.imports),
    ...circleProblem('src/ollama', clientCircle, client.imports),
  ];
}

function tooMany(what: string, names: readonly string[], most: number): string[] {
  return names.length > most ? [`${names.length} ${what}, ${most} at most: ${names.join(', ')}`] : [];
}

function circleProblem(folder: string, circle: readonly string[], imports: readonly Import[]): string[] {
  const inside = imports.filter(({ from, to }) => circle.includes(from) && circle.includes(to));
  return inside.map(({ from, to, file }) => `${file}: ${from} imports ${to} in a circle of ${folder}`);
}

if (import.meta.main) {
  const problems = layoutProblems();
  for (const problem of problems) console.error(problem);
  if (!process.argv.includes('--check')) {
    const { modules, imports } = importsBetween('src');
    for (const layer of layersOf(modules, imports).layers) console.log(layer.join(', '));
  }
  process.exitCode = problems.length > 0 ? 1 : 0;
}
