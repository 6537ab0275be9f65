import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { trimSuggestion } from '../../../../src/completion/engine/index.ts';
import { blockAnswers, blockHoles, depthOf, lineAnswers, lineHoles, type Hole } from './holes.ts';

const folder = join(import.meta.dirname, 'sources');
const onlyClosers = /^(?:[\s)\]}>;,:"'`/*-]|<\/\w*|\b(?:end|fi|done|esac|html|body)\b)*$/;

/** What is shown of an answer: all that is missing, some of its lines, nothing, or something else. */
function rated(hole: Hole, answer: string, languageId: string, multiline: boolean) {
  const shown = trimSuggestion(answer, { ...hole, languageId, multiline });
  const [own, wanted] = [shown, hole.missing].map((text) => text.replaceAll(/[ \t]+$/gm, '').trimEnd());
  if (own === wanted || (own === '' && onlyClosers.test(wanted!))) return { kind: 'all', shown };
  return { kind: own === '' ? 'nothing' : wanted!.startsWith(`${own}\n`) ? 'part' : 'other', shown };
}

function check(holes: readonly Hole[], languageId: string, answersFor: (hole: Hole) => string[]): void {
  const wrong: string[] = [];
  const counts = { all: 0, part: 0, nothing: 0, other: 0 } as Record<string, number>;
  for (const hole of holes)
    for (const [at, answer] of answersFor(hole).entries()) {
      const { kind, shown } = rated(hole, answer, languageId, hole.missing.includes('\n'));
      counts[kind]! += 1;
      if (process.env.LIST && kind !== 'all') console.log(`${kind} ${languageId} ${hole.line} answer ${at}: …${JSON.stringify(hole.prefix.slice(-30))} ▮ ${JSON.stringify(hole.missing.slice(0,200))} => ${JSON.stringify(shown.slice(0,200))}`);
      if (kind === 'other') wrong.push(`line ${hole.line}: ${JSON.stringify(shown)}`);
    }
  if (process.env.LIST) console.log(languageId, JSON.stringify(counts));
}

for (const file of readdirSync(folder).toSorted()) {
  const languageId = basename(file, '.txt');
  const text = readFileSync(join(folder, file), 'utf8').trimEnd();
  describe(`holes in a file: ${languageId}`, () => {
    test('the rest of a line', () => check(lineHoles(text), languageId, lineAnswers));
    test('a block', () => {
      const unit = Math.min(...text.split('\n').map(depthOf).filter((depth) => depth > 1));
      check(blockHoles(text), languageId, (hole) => blockAnswers(hole, unit));
    });
  });
}
