import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Place } from '../../src/completion/place.ts';

/** A position and the original text there. */
export interface TestedPlace {
  place: Place;
  expected: string;
}

/** File extensions of sources, and VS Code's ids of their languages. */
const languages: Record<string, string> = {
  '.c': 'c',
  '.cpp': 'cpp',
  '.cs': 'csharp',
  '.css': 'css',
  '.dart': 'dart',
  '.go': 'go',
  '.h': 'c',
  '.java': 'java',
  '.js': 'javascript',
  '.jsx': 'javascriptreact',
  '.kt': 'kotlin',
  '.lua': 'lua',
  '.mjs': 'javascript',
  '.php': 'php',
  '.py': 'python',
  '.rb': 'ruby',
  '.rs': 'rust',
  '.scala': 'scala',
  '.sh': 'shellscript',
  '.sql': 'sql',
  '.swift': 'swift',
  '.ts': 'typescript',
  '.tsx': 'typescriptreact',
};
const mostBytes = 500_000;
/** Shorter lines are easy to guess. */
const leastChars = 12;

interface HumanEvalLine {
  task_id: string;
  prompt: string;
  suffix: string;
  canonical_solution: string;
}

/** The positions of HumanEval-infilling's single-line set, from its JSON lines. */
export function humanEvalPlaces(file: string, count: number): TestedPlace[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(0, count);
  return lines.map((line, index) => {
    const { prompt, suffix, canonical_solution: expected } = JSON.parse(line) as HumanEvalLine;
    if ([prompt, suffix, expected].some((text) => typeof text !== 'string'))
      throw new Error(`line ${index + 1} of ${file} has no prompt, suffix and canonical_solution`);
    // The set cuts before the indentation, but an editor's cursor is after it.
    const indentation = /^[ \t]*/.exec(expected)![0];
    return testedPlace(`humaneval${index}.py`, 'python', prompt + indentation, suffix, expected);
  });
}

/** Lines of the user's sources, each cut inside its text; the same ones for the same seed. */
export function blankedPlaces(folder: string, count: number, seed: number): TestedPlace[] {
  const random = generator(seed);
  const files = globSync('**/*', {
    cwd: folder,
    exclude: (name) => /(?:^|[/\\])(?:node_modules|\.\w[^/\\]*|dist|out|vendor|target)$/.test(name),
  }).filter((file) => languages[extname(file)] && statSync(join(folder, file)).size < mostBytes);
  const places = files.toSorted().flatMap((file) => linesOf(folder, file, random));
  return shuffled(places, random).slice(0, count);
}

function linesOf(folder: string, file: string, random: () => number): TestedPlace[] {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const indentation = /^\s*/.exec(line)![0].length;
    if (line.trim().length < leastChars) return [];
    const cut = indentation + Math.floor(random() * (line.trim().length / 2));
    const before = lines.slice(0, at).map((one) => `${one}\n`);
    const after = lines.slice(at + 1).map((one) => `\n${one}`);
    const prefix = before.join('') + line.slice(0, cut);
    return [testedPlace(file, languages[extname(file)]!, prefix, after.join(''), line.slice(cut))];
  });
}

function testedPlace(
  path: string,
  languageId: string,
  prefix: string,
  suffix: string,
  expected: string,
): TestedPlace {
  const place = { document: path, offset: prefix.length, prefix, suffix, path, languageId, byHand: false };
  return { place, expected };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** Pseudorandom numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
