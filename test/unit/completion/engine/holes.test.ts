import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { trimSuggestion } from '../../../../src/completion/engine/index.ts';
import { blockAnswers, blockHoles, depthOf, lineAnswers, lineHoles, type Hole } from './holes.ts';

const folder = join(import.meta.dirname, 'sources');
const onlyClosers = /^(?:[\s)\]}>;,:"'`/*-]|<\/\w*|\b(?:end|fi|done|esac|html|body)\b)*$/;

/** What is shown of an answer: all that is missing, some of its lines, nothing, or something else. */
function rated(hole: Hole, answer: string, languageId: string): { kind: string; shown: string } {
  const multiline = hole.missing.includes('\n');
  const shown = trimSuggestion(answer, { ...hole, languageId, multiline });
  const [own, wanted] = [shown, hole.missing].map((text) => text.replaceAll(/[ \t]+$/gm, '').trim()) as [
    string,
    string,
  ];
  if (own === wanted || (own === '' && onlyClosers.test(wanted))) return { kind: 'all', shown };
  return { kind: own === '' ? 'nothing' : wanted.startsWith(`${own}\n`) ? 'part' : 'other', shown };
}

/** Cuts everywhere would take too long. */
const step = 9;
/** Lines that continue a statement, whose level only their author knows, and text in comments. */
const mostWrong = { line: 1, block: 4 };

interface Rating {
  wrong: string[];
  /** Answers of which nothing is shown. */
  dropped: number;
}

function rate(holes: readonly Hole[], languageId: string, answersFor: (hole: Hole) => string[]): Rating {
  const rating: Rating = { wrong: [], dropped: 0 };
  for (const hole of holes)
    for (const answer of answersFor(hole)) {
      const { kind, shown } = rated(hole, answer, languageId);
      if (kind === 'other') rating.wrong.push(`line ${hole.line}: ${JSON.stringify(shown)}`);
      if (kind === 'nothing') rating.dropped += 1;
    }
  return rating;
}

let count = 0;
for (const file of readdirSync(folder).toSorted()) {
  const languageId = basename(file, '.txt');
  const text = readFileSync(join(folder, file), 'utf8').trimEnd();
  describe(`holes in a file: ${languageId}`, () => {
    test('the rest of a line is shown, and nothing else', () => {
      const holes = lineHoles(text).filter((_, at) => at % step === 0);
      count += holes.length;
      const { wrong, dropped } = rate(holes, languageId, (hole) =>
        // In prose, a fence may be meant.
        lineAnswers(hole).filter((answer) => languageId !== 'markdown' || !answer.startsWith('```')),
      );
      assert.ok(wrong.length <= mostWrong.line, wrong.join('\n'));
      assert.ok(dropped <= 2, String(dropped));
    });
    test('a block is shown with the indentation of the file, whatever it had', () => {
      const unit = Math.min(
        ...text
          .split('\n')
          .map(depthOf)
          .filter((depth) => depth > 1),
      );
      // Without most of its lines, a file does not show its indentation.
      const holes = blockHoles(text).filter(({ missing }) => missing.length < text.length / 2);
      count += holes.length;
      const { wrong, dropped } = rate(holes, languageId, (hole) => blockAnswers(hole, unit));
      assert.ok(wrong.length <= mostWrong.block, wrong.join('\n'));
      assert.equal(dropped, 0);
    });
  });
}

test('there are many of them', () => assert.ok(count > 1_500, String(count)));
