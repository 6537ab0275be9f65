import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { judgedAt, type Outcome } from './judging.ts';
import { itemsOf, languages, namesOfItems, type Item, type Language } from './languagesOfJudge.ts';

/** Forms of answers, made from the items of the file. */
const shapes = [
  'whole',
  'part',
  'member',
  'wrapped',
  'reordered',
  'missing',
  'doubled',
  'elided',
  'other',
  'truncated',
  'more',
  'noImports',
] as const;
type Shape = (typeof shapes)[number];

interface Asked {
  items: Item[];
  shape: Shape;
  /** Index of the item, and which part of it is replaced. */
  at: number;
  cut: number;
  /** Index of the item to replace; undefined for the whole file. */
  place: number | undefined;
  eol: '\n' | '\r\n';
  endsWithBreak: boolean;
}

const asked = (language: Language): fc.Arbitrary<Asked> =>
  fc.record({
    items: itemsOf(language),
    shape: fc.constantFrom(...shapes),
    at: fc.nat(100),
    cut: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
    place: fc.option(fc.nat(100), { nil: undefined }),
    eol: fc.constantFrom('\n' as const, '\n' as const, '\r\n' as const),
    endsWithBreak: fc.boolean(),
  });

const joined = (texts: readonly string[]): string => texts.join('\n\n');

function answerOf({ items, shape, at, cut }: Asked, language: Language): string {
  const one = items[at % items.length]!;
  const others = items.filter((item) => item !== one);
  const all = (version: number): string[] => items.map((item) => item.text(version));
  const member = one.members[at % Math.max(1, one.members.length)] ?? one.name;
  switch (shape) {
    case 'whole':
    case 'more':
      return joined(all(2));
    case 'part':
      return one.text(2);
    case 'member':
      return one.member(member, 2);
    case 'wrapped':
      return one.only([member], 2);
    case 'reordered':
      return joined(all(2).toReversed());
    case 'missing':
      return joined(others.map((item) => item.text(2)));
    case 'doubled':
      return joined([...all(2), one.text(2)]);
    case 'elided':
      return joined([one.text(2), `${language.comment} ... rest of the code`]);
    case 'other':
      return language.id === 'python' ? 'function other() {\n  return 1;\n}' : 'def other(x):\n    return 1';
    case 'truncated': {
      const text = joined(all(2));
      return text.slice(0, Math.floor(text.length * cut));
    }
    case 'noImports':
      return joined(items.filter(({ kind }) => kind !== 'import').map((item) => item.text(2)));
  }
}

interface Tried {
  fileText: string;
  start: number;
  end: number;
  outcome: Outcome;
  code: string;
}

function attempt(question: Asked, language: Language): Tried {
  const { items, place, eol, endsWithBreak } = question;
  const texts = items.map((item) => item.text(1).replaceAll('\n', eol));
  const fileText = texts.join(eol + eol) + (endsWithBreak ? eol : '');
  const at = place === undefined ? undefined : place % items.length;
  const start =
    at === undefined ? 0 : texts.slice(0, at).reduce((sum, text) => sum + text.length + 2 * eol.length, 0);
  const end = at === undefined ? fileText.length : start + texts[at]!.length;
  const code = answerOf(question, language);
  return {
    fileText,
    start,
    end,
    code,
    outcome: judgedAt({ fileText, start, end, code, languageId: language.id }),
  };
}

function isDeclared(name: string, text: string, language: Language): boolean {
  return language.heads(name).test(text);
}

describe('for any answer, no declaration is lost unnoticed', () => {
  for (const language of languages)
    test(language.id, () => {
      fc.assert(
        fc.property(asked(language), (question) => {
          const { fileText, outcome } = attempt(question, language);
          if ('unusable' in outcome) return;
          const { text, removes = [] } = outcome;
          for (const name of namesOfItems(question.items)) {
            assert.ok(isDeclared(name, fileText, language), `the test knows ${name}`);
            const isAnnounced = removes.some((one) => new RegExp(`\\b${name}\\b`).test(one));
            assert.ok(isDeclared(name, text, language) || isAnnounced, `${name} is lost:\n${text}`);
          }
        }),
        { numRuns: 200 },
      );
    });
});

describe('text outside of the subject stays byte for byte', () => {
  for (const language of languages)
    test(language.id, () => {
      fc.assert(
        fc.property(asked(language), fc.nat(100), (question, place) => {
          const { fileText, start, end, outcome } = attempt({ ...question, place }, language);
          if ('unusable' in outcome) return;
          assert.ok(outcome.text.startsWith(fileText.slice(0, start)));
          assert.ok(
            outcome.text.endsWith(fileText.slice(end)),
            JSON.stringify([fileText, start, end, outcome], undefined, 1),
          );
        }),
        { numRuns: 100 },
      );
    });
});

describe('nothing is declared twice that was declared once', () => {
  for (const language of languages)
    test(language.id, () => {
      fc.assert(
        fc.property(asked(language), (question) => {
          const { outcome } = attempt(question, language);
          if ('unusable' in outcome) return;
          for (const name of namesOfItems(question.items)) {
            const heads = outcome.text.match(new RegExp(language.heads(name), 'g')) ?? [];
            const receivers =
              language.id === 'go' ? question.items.find((item) => item.name === name)?.members.length : 0;
            assert.ok(
              heads.length <= Math.max(1, receivers ?? 0),
              `${name} is there ${heads.length} times:\n${outcome.text}`,
            );
          }
        }),
        { numRuns: 100 },
      );
    });
});

describe('a usable answer is used', () => {
  const usable: Shape[] = ['whole', 'part', 'member', 'wrapped'];
  for (const language of languages)
    test(language.id, () => {
      fc.assert(
        fc.property(asked(language), fc.constantFrom(...usable), (given, shape) => {
          const question = { ...given, shape, place: undefined };
          const one = question.items[question.at % question.items.length]!;
          fc.pre(one.kind !== 'import' || shape === 'whole');
          // The methods of a Go type are top-level declarations, so several of them are not one part.
          fc.pre(language.id !== 'go' || one.members.length < 2 || shape !== 'part');
          const { outcome } = attempt(question, language);
          assert.ok('text' in outcome && outcome.removes === undefined, JSON.stringify(outcome));
          assert.ok(outcome.text.includes('use(2)'));
          const expected =
            shape === 'part' ? [one.text(2)] : shape === 'member' && !one.hasComment ? [one.name] : [];
          for (const text of expected)
            assert.ok(outcome.text.replaceAll('\r\n', '\n').includes(text), outcome.text);
        }),
        { numRuns: 100 },
      );
    });
});
