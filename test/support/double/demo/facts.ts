import type { Notes, Part } from './notes.ts';
import type { Task } from './task.ts';

const declaration =
  /^[ \t]*(?:export |default |async |public |private |protected |static |abstract |pub )*(function\*?|class|interface|struct|enum|trait|def|func|fn|type)\s+(?:\([^)]*\)\s*)?([A-Za-z_]\w*)/gm;
const method =
  /^[ \t]+(?:async |public |private |protected |static |override |get |set )*([A-Za-z_]\w*)\s*\([^;]*\)[^;={}]*\{\s*$/gm;
const notNames = new Set(['if', 'for', 'while', 'switch', 'catch', 'function', 'return', 'constructor']);

/** Notes about any code: only what a search for names and lines shows, stated as such. */
export function factualNotes(task: Task): Notes {
  const lines = task.code.split('\n').filter((line) => line.trim() !== '').length;
  const parts = partsOf(task.code);
  const what = task.symbol ?? task.fileName;
  const named = what === '' ? 'This code' : `\`${what}\``;
  const names = parts.map(({ name }) => `\`${name}\``).join(', ');
  const size = `${named} has ${count(lines, 'line')} that are not blank`;
  return {
    known: false,
    language: task.language,
    purpose: `${size}${names === '' ? '.' : `, and declares ${names}.`} This is the demo server: it has no model, and says only what a search in the text finds.`,
    parts,
    patterns: 'The demo server does not recognise patterns; a real model would name them here.',
    relations: relations(task.code),
    errors: errors(task.code),
    usage: parts[0] ? `${parts[0].name}(...)` : '',
    edits: [],
    improvements: longLines(task.code),
    tests: {
      code: '',
      missing: 'The demo server cannot write tests for code it does not know. It knows the sample workspace.',
    },
    comments: {},
    commit: `Change ${what === '' ? 'the code' : what}`,
  };
}

function partsOf(code: string): Part[] {
  const found = new Map<string, Part>();
  for (const [, keyword, name] of code.matchAll(declaration))
    found.set(name!, { name: name!, text: `A ${kindOf(keyword!)}.` });
  for (const [, name] of code.matchAll(method)) {
    if (!notNames.has(name!) && !found.has(name!)) found.set(name!, { name: name!, text: 'A method.' });
  }
  return [...found.values()];
}

function kindOf(keyword: string): string {
  return ['def', 'func', 'fn', 'function', 'function*'].includes(keyword) ? 'function' : keyword;
}

function relations(code: string): string {
  const imports = code.match(/^\s*(?:import|from|use|#include|require)\b.*$/gm) ?? [];
  return imports.length === 0
    ? 'No imports are to be seen here.'
    : `It has ${count(imports.length, 'import')}.`;
}

function errors(code: string): string {
  const raised = code.match(/\b(?:throw|raise|panic|Errorf)\b/g)?.length ?? 0;
  const caught = code.match(/\b(?:catch|except|recover)\b/g)?.length ?? 0;
  return `Errors are raised in ${count(raised, 'place')} and caught in ${count(caught, 'place')}.`;
}

function longLines(code: string): Notes['improvements'] {
  const long = code.split('\n').filter((line) => line.length > 120).length;
  if (long === 0) return [];
  return [
    { title: 'Break long lines', text: `${count(long, 'line')} longer than 120 characters could be broken.` },
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
